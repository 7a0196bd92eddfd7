// One key for each button of a review page; the page lists them. Each presses the button that carries it as `data-key`, and
// nothing else: no key acts while somebody types, together with a modifier, or again while it is held down.
(() => {
  const TYPING = "input, textarea, select, [contenteditable]";
  let pressed = false; // one decision a page: a second key before the next page shows would be about nobody

  addEventListener("pageshow", () => { pressed = false; });
  addEventListener("keydown", (event) => {
    if (pressed || event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    if (target instanceof HTMLDetailsElement) {
      target.open = !target.open;
      target.querySelector("summary").focus();
      return;
    }
    pressed = true;
    target.click();
  });
})();
