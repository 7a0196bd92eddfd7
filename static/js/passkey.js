// The ceremony itself is allauth's. When a browser cannot do it, or somebody stops it, say so on the page.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = document.querySelector("[data-passkey-problem]");
  problem.hidden = false;
  problem.focus();
});
