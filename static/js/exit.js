// Read in the head, before anything is shown. A press on Exit blanks the page at once and leaves no step back to it; for half
// an hour after that, a step back or forward leads out again. The one key says nothing, and goes with the tab. Not counted.
(() => {
  const KEY = "x", HALF_HOUR = 18e5, ACTIONS = 3, WITHIN = 5000;
  const path = document.currentScript.dataset.exit;
  let presses = 0, held = false, timer;

  const stored = (use) => { try { return use(sessionStorage); } catch { return null; } };
  const hasLeft = () => Date.now() - stored((s) => s.getItem(KEY)) < HALF_HOUR;
  const goOut = () => {
    document.documentElement.hidden = true; // also what the parser still brings
    document.documentElement.replaceChildren();
    location.replace(path);
  };
  const leave = () => {
    stored((s) => s.setItem(KEY, Date.now()));
    goOut();
  };

  const [step] = performance.getEntriesByType("navigation");
  if (hasLeft() && step?.type === "back_forward") return goOut();
  addEventListener("pageshow", (event) => { if (event.persisted && hasLeft()) goOut(); });

  const say = () => {
    const status = document.querySelector("[data-presses]");
    if (status) status.textContent = presses ? status.dataset[presses === 1 ? "two" : "one"] : "";
  };
  const forget = () => {
    clearTimeout(timer);
    if (presses) { presses = 0; say(); }
  };
  const isShift = (event) => event.key === "Shift" || event.keyCode === 16;

  // Some braille displays and phones send only keyup, some no name of the key. A Shift that was held for something else, as
  // for a capital or a selection, is none; nor is one between letters.
  const count = (event) => {
    if (!isShift(event)) { held = event.shiftKey; return forget(); }
    if (held) { held = false; return; }
    presses += 1;
    if (presses === ACTIONS) return leave();
    clearTimeout(timer);
    timer = setTimeout(forget, WITHIN);
    say();
  };
  addEventListener("keydown", (event) => { if (!isShift(event)) { held = event.shiftKey; forget(); } }, true);
  addEventListener("keyup", count, true);
  addEventListener("input", forget, true);
  addEventListener("pointerdown", (event) => { held = event.shiftKey; forget(); }, true);

  addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-leave]")) return;
    event.preventDefault();
    leave();
  }, true);
  addEventListener("submit", (event) => {
    if (event.target.matches("[data-continue]")) stored((s) => s.removeItem(KEY));
  }, true);
})();
