// The ceremony itself is allauth's. When a browser cannot do it, or somebody stops it, say so on the page.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = document.querySelector("[data-passkey-problem]");
  problem.hidden = false;
  problem.focus();
});

// A press before the ceremony's scripts have run would do nothing, or send an empty form: the button waits for them.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-passkey]")) button.disabled = false;
});
