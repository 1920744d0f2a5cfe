// The frame's own script: starts Blazor with our reconnect line, keeps preferences, keys, focus, menus.
// No inline script anywhere (Content-Security-Policy: script-src 'self'); components call window.nhi.
(() => {
  'use strict';
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Preferences ---------------------------------------------------------------
  const cookie = name => document.cookie.split('; ').find(c => c.startsWith(name + '='))?.slice(name.length + 1) ?? '';
  const keep = (name, value) => {
    const age = value ? 31536000 : 0;
    document.cookie = `${name}=${value}; path=/; max-age=${age}; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
  };
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  if (decodeURIComponent(cookie('nhi-zone')) !== zone) { keep('nhi-zone', encodeURIComponent(zone)); }

  const markPreferences = () => {
    for (const button of all('[data-pref]')) {
      button.setAttribute('aria-pressed', String(cookie('nhi-' + button.dataset.pref) === button.dataset.value));
    }
  };
  const prefer = (name, value) => {
    keep('nhi-' + name, value);
    if (name !== 'utc') {
      if (value) { root.dataset[name] = value; } else { delete root.dataset[name]; }
    }
    markPreferences();
  };

  // Connection ----------------------------------------------------------------
  const line = $('#reconnect');
  const wait = ms => new Promise(done => setTimeout(done, ms));
  let hurry = () => {};
  let down = false;
  const connection = {
    async onConnectionDown() {
      if (down) { return; }
      down = true;
      line.hidden = false;
      for (let turn = 0; down; turn++) {
        try {
          if (await Blazor.reconnect()) { return; }
          location.reload(); // the server no longer knows this page: the address brings it back
          return;
        } catch {
          const pause = new Promise(done => { hurry = done; });
          await Promise.race([wait(Math.min(500 + turn * 500, 5000)), pause]);
        }
      }
    },
    onConnectionUp() { down = false; line.hidden = true; },
  };
  $('#reconnect-now')?.addEventListener('click', () => hurry());
  window.Blazor?.start({ circuit: { reconnectionHandler: connection } });

  // Called by components --------------------------------------------------------
  const places = 'nhi-recent';
  const recent = () => { try { return JSON.parse(localStorage.getItem(places) ?? '[]'); } catch { return []; } };
  const visited = () => {
    const title = document.title.replace(/ · NhiGovernance$/, '');
    const href = location.pathname;
    if (!title || title === 'NhiGovernance' || href === '/not-found') { return; }
    const list = [{ title, href }, ...recent().filter(v => v.href !== href)].slice(0, 8);
    try { localStorage.setItem(places, JSON.stringify(list)); } catch { /* private window */ }
  };

  // Where the focus goes when a dialog closes: to what opened it, or to its menu's button, or, when that is gone, to the page's head.
  const openers = new WeakMap();
  const opener = () => {
    const at = document.activeElement;
    const menu = at?.closest?.('[popover]');
    return menu ? $(`[popovertarget="${menu.id}"]`) : lastMenu && (!at || at === document.body) ? lastMenu : at;
  };
  const giveBack = dialog => {
    const from = openers.get(dialog);
    openers.delete(dialog);

    // The server answers a closed dialog a moment later. Who has gone on by then (Esc, then / and a word) keeps the focus.
    const at = document.activeElement;
    if (at && at !== document.body && !dialog.contains(at)) { return; }
    if (!from) { return; }
    if (from.isConnected && from !== document.body && (from.checkVisibility?.() ?? true)) { from.focus(); }
    if (document.activeElement === document.body || document.activeElement === null) { $('main h1')?.focus(); }
  };
  let lastMenu = null;

  window.nhi = {
    start() {
      root.dataset.ready = 'true';
      markPreferences();
      return { zone, utc: cookie('nhi-utc') === '1' };
    },
    zone: () => zone,
    recent,
    async copy(text) {
      try { await navigator.clipboard.writeText(text); return true; } catch { return false; }
    },
    dialog(dialog, open) {
      if (!dialog) { return; }
      if (open && !dialog.open) {
        openers.set(dialog, opener());
        dialog.dataset.title = ($('h2', dialog)?.textContent ?? '').replace(/\s+/g, ' ').trim();
        dialog.showModal();
        ($('[data-autofocus]', dialog) ?? $('input, select, textarea, .body button, .body a, footer button', dialog))?.focus();
      } else if (!open) {
        if (dialog.open) { dialog.close(); }
        giveBack(dialog);
      }
    },
    // The current tab is in sight, also where tabs scroll sideways.
    reveal(tabs) {
      const tab = tabs && $('[aria-current]', tabs);
      if (tab && tabs.scrollWidth > tabs.clientWidth) { tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2; }
    },
    focus(selector) { $(selector)?.focus(); },
    // A "some" mark of a checkbox can be set by script alone.
    mixed(box, some) { if (box) { box.indeterminate = some; } },
    print() { window.print(); },
  };

  // Clicks ------------------------------------------------------------------------
  document.addEventListener('click', event => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) { return; }
    const pref = target.closest('[data-pref]');
    if (pref) { prefer(pref.dataset.pref, pref.dataset.value); }
    if (target.closest('[data-palette]')) { $('#open-palette')?.click(); }
    if (target.closest('[data-print]')) { print(); }
    if (target.closest('[data-help]')) { $('#open-help')?.click(); }
    if (target.closest('.skip')) { event.preventDefault(); ($('main h1') ?? $('main'))?.focus(); }
    const item = target.closest('[popover] .item, [popover] [data-close]');
    if (item) {
      const menu = item.closest('[popover]');
      lastMenu = $(`[popovertarget="${menu.id}"]`);
      menu.hidePopover();
    } else if (!target.closest('dialog')) { lastMenu = null; }
    if (target.closest('form[action="/sign-out"]')) { localStorage.removeItem(places); }
    // A row opens when no control in it was meant and no text is being selected.
    const row = target.closest('[data-row]');
    if (row && !target.closest('a, button, input, label, select, [data-tip]') && !String(getSelection())) { $('[data-open]', row)?.click(); }
  });

  // Menus: placed under their button, inside the window ------------------------------
  document.addEventListener('toggle', event => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches('[popover].menu') || event.newState !== 'open') { return; }
    const button = $(`[popovertarget="${menu.id}"]`);
    if (menu.classList.contains('sheet') || !button) { return; }
    markPreferences();
    const at = button.getBoundingClientRect();
    const size = menu.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
    const below = at.bottom + 4 + size.height <= innerHeight || at.top < size.height + 12;
    menu.style.left = `${left}px`;
    menu.style.top = below ? `${at.bottom + 4}px` : `${at.top - size.height - 4}px`;
    $('input, select', menu)?.focus();
  }, true);

  // What has the focus is never cut off, nor under the bar at the bottom or the bulk bar (WCAG 2.4.11).
  document.addEventListener('focusin', event => {
    const at = event.target;
    if (!(at instanceof Element) || !at.closest('main') || at.closest('.bulk, dialog, [popover]')) { return; }
    // A row that scrolls sideways shows the stop whole, not its first letters.
    if (at.closest('.tabrow, .filters, .acts') && at.matches(':focus-visible')) { at.scrollIntoView({ block: 'nearest', inline: 'nearest' }); }
    const floor = Math.min(innerHeight, ...all('.bar-bottom, .bulk').filter(shown).map(bar => bar.getBoundingClientRect().top));
    const under = at.getBoundingClientRect().bottom + 8 - floor;
    if (under > 0 && floor < innerHeight) { scrollBy(0, under); }
  });

  // Toasts leave after a while, but not under the pointer or the focus --------------------
  const toasts = () => $('#toasts');
  setInterval(() => {
    for (const toast of all('[data-toast]', toasts() ?? document)) {
      if (toast.matches(':hover') || toast.contains(document.activeElement)) { toast.dataset.toast = '6000'; continue; }
      const left = Number(toast.dataset.toast) - 500;
      toast.dataset.toast = String(left);
      if (left === 0) { $('[data-toast-close]', toast)?.click(); }
    }
  }, 500);

  // A refused form leads to its first fault: a long form shows it far above the button that was pressed.
  let sent = 0;
  const toFault = () => {
    if (Date.now() - sent > 10000) { return; }
    const scope = $('dialog[open]') ?? $('main');
    const field = scope && all('[aria-invalid="true"]', scope).find(shown);
    const rest = scope && all('form .fault, form + .fault', scope).find(shown);
    if (!field && !rest) { return; }
    sent = 0;
    if (field) { field.focus(); }
    (field ?? rest).scrollIntoView({ block: 'nearest' });
  };
  document.addEventListener('submit', () => { sent = Date.now(); }, true);
  // Counts that arrive late widen the tabs: the one with the focus stays whole.
  const keepWhole = () => { const at = document.activeElement; if (at?.closest('.tabrow')) { at.scrollIntoView({ block: 'nearest', inline: 'nearest' }); } };
  new MutationObserver(() => { keepWhole(); if (sent) { toFault(); } })
    .observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-invalid'] });

  // Keys ---------------------------------------------------------------------------------------
  const typing = element => element instanceof HTMLElement
    && (element.isContentEditable || element.matches('textarea, select, input:not([type="checkbox"]):not([type="radio"]):not([type="button"])'));
  const shown = element => element.checkVisibility?.() ?? element.offsetParent !== null;
  const rows = () => all('[data-row]').filter(shown);
  const name = row => $('[data-name]', row);
  const current = () => {
    const list = rows();
    const focused = list.findIndex(r => r.contains(document.activeElement));
    return { list, index: focused >= 0 ? focused : list.findIndex(r => r.matches('.open')) };
  };
  const walk = step => {
    const { list, index } = current();
    const next = list[Math.max(0, Math.min(index + step, list.length - 1))];
    if (!next) { return false; }
    name(next)?.focus();
    next.scrollIntoView({ block: 'nearest' });
    if ($('[data-panel]')) { $('[data-open]', next)?.click(); }
    return true;
  };
  let going = 0;
  const single = {
    '/': () => { const box = all('[data-search]').find(shown); box?.focus(); box?.select(); return !!box; },
    f: () => { const add = all('[data-add-filter]').find(shown); add?.click(); return !!add; },
    j: () => walk(1),
    k: () => walk(-1),
    x: () => { const { list, index } = current(); const box = list[index] && $('[data-select]', list[index]); box?.click(); return !!box; },
    '?': () => { $('#open-help')?.click(); return true; },
  };
  document.addEventListener('keydown', event => {
    if (event.key === 'F8') {
      const said = all('.toast').at(-1);
      if (said) { event.preventDefault(); $('a, button', said)?.focus(); }
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      if (!$('dialog[open]')) { $('#open-palette')?.click(); }
      return;
    }
    if (event.target instanceof HTMLElement && event.target.matches('input[role="combobox"]')) { moveInOptions(event, event.target); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || $('dialog[open]') || typing(event.target)) { return; }
    if (event.key === 'Escape') {
      if (!$('[popover]:popover-open')) { $('[data-panel-close]')?.click(); }
      return;
    }
    if (root.dataset.keys === 'off') { return; }
    if (event.key === 'g') { going = Date.now(); return; }
    if (Date.now() - going < 1500) {
      going = 0;
      const link = $(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); Blazor.navigateTo(new URL(link.href).pathname + new URL(link.href).search); return; }
    }
    if (single[event.key]?.()) { event.preventDefault(); }
  });

  // Comboboxes (palette, pickers): arrows move the option that Enter takes; the focus stays in the field, which names the option.
  const options = field => all('[role="option"]', document.getElementById(field.getAttribute('aria-controls')) ?? document.createElement('i'));
  const choose = (field, option) => {
    for (const other of options(field)) { other.setAttribute('aria-selected', String(other === option)); }
    if (option) { field.setAttribute('aria-activedescendant', option.id); } else { field.removeAttribute('aria-activedescendant'); }
    option?.scrollIntoView({ block: 'nearest' });
  };
  const moveInOptions = (event, field) => {
    const list = options(field);
    const at = list.findIndex(o => o.id === field.getAttribute('aria-activedescendant'));
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && list.length > 0) {
      event.preventDefault();
      const next = at < 0 ? (steps[event.key] > 0 ? 0 : list.length - 1) : (at + steps[event.key] + list.length) % list.length;
      field.dataset.chosenFor = field.value;
      choose(field, list[next]);
    } else if (event.key === 'Enter' && list.length > 0) {
      event.preventDefault();
      (list[at] ?? list[0]).click();
    }
  };
  // New hits: the first one is what Enter takes, unless an arrow chose another one for the same words. Hits come in groups, one after another.
  window.nhi.hits = field => {
    if (!field) { return; }
    const list = options(field);
    choose(field, (field.dataset.chosenFor === field.value && list.find(o => o.ariaSelected === 'true')) || list[0]);
  };

  // The page changed: remember it, and keep what the recent list shows true ---------------------------
  // A page that loads draws its h1 anew; the focus that Blazor gave to the first one must not fall back to the body.
  let path = location.pathname;
  const arrived = () => {
    visited();
    if (location.pathname !== path && document.activeElement === document.body && !$('dialog[open]')) { $('main h1')?.focus(); }
    path = location.pathname;
  };
  new MutationObserver(arrived).observe(document.head, { childList: true, subtree: true, characterData: true });
})();
