// A page that answers a form is itself asked for by POST: a step back to it after sending would end in the browser's error
// page. As a form is sent, this page takes the place of one that is asked for by GET. Nothing is stored.
addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  history.replaceState(null, "", location.pathname);
});
