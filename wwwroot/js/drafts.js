// Drafts: what was typed into a form and not saved survives a lost circuit. Kept in this tab alone (sessionStorage), by page,
// dialog and field, for the person who typed it; never a password, a secret or a file. Gone with the save, the page or the sign-out.
(() => {
  'use strict';
  const note = document.querySelector('#draft');
  if (!note) { return; }
  const prefix = 'nhi-draft:';
  const $ = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const words = text => (text ?? '').replace(/\s+/g, ' ').trim();
  const viewer = () => $('[data-viewer]')?.dataset.viewer ?? '';
  const address = () => prefix + location.pathname + (new URLSearchParams(location.search).get('connector') ?? '');
  let here = address();

  const read = key => { try { return JSON.parse(sessionStorage.getItem(key) ?? 'null'); } catch { return null; } };
  const keep = (key, draft) => { try { sessionStorage.setItem(key, JSON.stringify(draft)); } catch { /* full or private */ } };
  const drop = key => { try { sessionStorage.removeItem(key); } catch { /* private */ } };
  const forget = () => {
    try { for (const key of Object.keys(sessionStorage).filter(k => k.startsWith(prefix))) { sessionStorage.removeItem(key); } } catch { /* private */ }
  };

  // Which fields are kept, and under which name: dialog, label, and its turn among fields of the same label. Ids change with every circuit.
  const kept = field => field.matches('input, textarea, select') && field.closest('main form, dialog[open] .body')
    && !field.matches('.secret, [data-secret], [data-search], [readonly], [type="password"], [type="file"], [type="hidden"], [type="search"], [role="combobox"], [autocomplete*="password"], [autocomplete="one-time-code"]');
  const label = field => words(field.getAttribute('aria-label') ?? field.labels?.[0]?.textContent ?? field.name);
  const scope = field => words($('h2', field.closest('dialog') ?? document.createElement('i'))?.textContent);
  const name = field => {
    const own = label(field);
    const same = all('input, textarea, select', field.closest('dialog, main')).filter(f => label(f) === own);
    return `${scope(field)}|${own}|${same.indexOf(field)}`;
  };
  const value = field => field.type === 'checkbox' || field.type === 'radio' ? field.checked : field.value;

  let opener = '';
  document.addEventListener('click', event => {
    const button = event.target instanceof Element && event.target.closest('main button');
    if (button && !button.closest('dialog')) { opener = words(button.getAttribute('aria-label') ?? button.textContent); }
    if (event.target instanceof Element && event.target.closest('form[action="/sign-out"]')) { forget(); }
  }, true);

  let restoring = false;
  const typed = event => {
    const field = event.target;
    if (restoring || !(field instanceof HTMLElement) || !kept(field)) { return; }
    const draft = read(here) ?? { who: viewer(), fields: {}, openers: {} };
    draft.fields[name(field)] = value(field);
    if (scope(field)) { draft.openers[scope(field)] = opener; }
    keep(here, draft);
  };
  document.addEventListener('input', typed, true);
  document.addEventListener('change', typed, true);

  // Putting back ------------------------------------------------------------------------------------------------
  let waiting = null;
  const set = (field, was) => {
    restoring = true;
    if (typeof was === 'boolean') { field.checked = was; } else { field.value = was; }
    for (const kind of ['input', 'change']) { field.dispatchEvent(new Event(kind, { bubbles: true })); }
    restoring = false;
  };
  const restore = () => {
    if (!waiting) { return; }
    let done = 0;
    for (const field of all('main form input, main form textarea, main form select, dialog[open] .body input, dialog[open] .body textarea, dialog[open] .body select')) {
      if (!kept(field) || field.disabled) { continue; }
      const key = name(field);
      if (!(key in waiting.fields)) { continue; }
      const was = waiting.fields[key];
      delete waiting.fields[key];
      if (value(field) !== was) { set(field, was); done++; }
    }
    const left = Object.keys(waiting.fields);
    if (done > 0) { note.hidden = false; }
    if (left.length === 0) { waiting = null; return; }
    // Rows that were added come back by the button that adds them; a dialog opens again by the button that opened it.
    const more = $('[data-draft-more]');
    if (more && done === 0 && left.some(k => k.includes(`|${more.dataset.draftMore}`))) { more.click(); return; }
    const dialog = left[0].split('|')[0];
    if (dialog && !$('dialog[open]') && waiting.openers[dialog]) {
      const wanted = waiting.openers[dialog];
      const button = all('main button').find(b => words(b.getAttribute('aria-label') ?? b.textContent) === wanted);
      if (button) { waiting.openers[dialog] = ''; button.click(); }
    }
  };

  const observer = new MutationObserver(() => { queueMicrotask(restore); });
  const arrive = () => {
    const draft = read(here);
    if (!draft) { return; }
    if (draft.who !== viewer()) { drop(here); return; }
    waiting = draft;
    restore();
  };
  const start = () => {
    if (!viewer()) { return; }
    clearInterval(starting);
    observer.observe(document.body, { childList: true, subtree: true });
    arrive();
  };
  const starting = setInterval(start, 50);

  // Ends ------------------------------------------------------------------------------------------------------------
  const hide = () => { note.hidden = true; };
  $('[data-draft-discard]', note)?.addEventListener('click', () => { waiting = null; drop(here); location.reload(); });
  $('[data-draft-close]', note)?.addEventListener('click', hide);
  // A dialog that was closed, by saving or by cancelling, is done with.
  document.addEventListener('close', event => {
    if (!(event.target instanceof HTMLDialogElement)) { return; }
    const of = event.target.dataset.title;
    const draft = read(here);
    if (!draft || !of) { return; }
    draft.fields = Object.fromEntries(Object.entries(draft.fields).filter(([key]) => !key.startsWith(`${of}|`)));
    if (Object.keys(draft.fields).length === 0) { drop(here); } else { keep(here, draft); }
    hide();
  }, true);
  // Another page: what was left there on purpose is not kept. Tabs and filters of the same page are the same page.
  new MutationObserver(() => {
    if (address() === here) { return; }
    drop(here);
    here = address();
    waiting = null;
    hide();
  }).observe(document.head, { childList: true, subtree: true, characterData: true });

  Object.assign(window.nhi, {
    /** The page saved its form: nothing is left to put back. */
    saved() { waiting = null; drop(here); hide(); },
    /** Whether something typed here is not saved. */
    hasDraft: () => read(here) !== null,
  });
})();
