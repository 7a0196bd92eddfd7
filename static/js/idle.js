// Two minutes before a sign-in ends, ask whether somebody is still there. One press extends it. Without this script the
// sign-in ends just the same, and what was typed comes back after signing in.
(() => {
  const dialog = document.getElementById("stay");
  if (!dialog || !dialog.showModal) return;
  const WARNING = 120;
  const part = (name) => dialog.querySelector(`[data-stay="${name}"]`);
  const form = dialog.querySelector("form");
  let end;

  // The clock is read anew each time: a laptop that slept has lost its timers, not its time.
  const left = () => (end - Date.now()) / 1000;

  const say = (isLate) => {
    part("soon").hidden = isLate;
    part("late").hidden = !isLate;
    part("extend").hidden = isLate;
    part("close").hidden = !isLate;
  };

  const look = () => {
    if (left() > WARNING) return dialog.close();
    say(left() <= 0);
    if (!dialog.open) dialog.showModal();
    if (left() <= 0) clearInterval(watch);
  };

  const extend = async () => {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "error" });
    const { seconds } = await answer.json();
    end = Date.now() + seconds * 1000;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    extend().then(look, look);
  });
  dialog.addEventListener("cancel", () => form.requestSubmit()); // Escape: somebody is there
  part("close").addEventListener("click", () => dialog.close());

  end = Date.now() + Number(dialog.dataset.seconds) * 1000;
  const watch = setInterval(look, 1000);
})();
