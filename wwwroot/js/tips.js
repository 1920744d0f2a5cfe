// Tooltips of the whole frame.
(() => {
  'use strict';
  const all = (selector, from) => [...from.querySelectorAll(selector)];

  // On hover and on focus, gone with Esc (WCAG 1.4.13); the focused one describes its element to screen readers.
  // A name that is cut shows itself whole the same way.
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.id = 'tip';
  tip.setAttribute('role', 'tooltip');
  tip.hidden = true;
  document.body.append(tip);
  let tipped = null;
  const tipText = of => of.dataset.tip
    ?? (of.title && [of, ...all('.cut', of)].some(e => e.scrollWidth > e.clientWidth) ? of.title : null);
  const tipOf = event => event.target instanceof Element ? event.target.closest('[data-tip], a[title], [tabindex="0"][title]') : null;
  const showTip = (of, focused) => {
    const text = tipText(of);
    hideTip();
    if (!text) { return; }
    // Inside the landmark (or the dialog, which lies above everything) of what it describes.
    (of.closest('dialog, main, nav, header, aside') ?? document.body).append(tip);
    tip.textContent = text;
    tip.hidden = false;
    if (focused && of.getAttribute('aria-label') !== text && !of.hasAttribute('aria-describedby')) {
      tipped = of;
      of.setAttribute('aria-describedby', 'tip');
    }
    const at = of.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(6, Math.min(at.left + at.width / 2 - size.width / 2, innerWidth - size.width - 6))}px`;
    tip.style.top = at.bottom + size.height + 12 < innerHeight ? `${at.bottom + 6}px` : `${at.top - size.height - 6}px`;
  };
  const hideTip = () => {
    tip.hidden = true;
    tipped?.removeAttribute('aria-describedby');
    tipped = null;
  };
  document.addEventListener('mouseover', event => {
    if (tip.contains(event.target)) { return; }
    const of = tipOf(event);
    if (of?.dataset.tip) { showTip(of, false); } else if (!tipped) { hideTip(); }
  });
  document.addEventListener('focusin', event => {
    const of = tipOf(event);
    if (of && of.matches(':focus-visible')) { showTip(of, true); } else { hideTip(); }
  });
  document.addEventListener('scroll', hideTip, { capture: true, passive: true });
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') { hideTip(); }
  });
})();
