// Behind each time that a page names in the zone of a meeting, the same moment on the reader's clock, where that shows another
// time. It only adds; without it the page says all it has to. Where the page already has the time in the reader's place, and
// their clock is the same, there is nothing to add. The reader's zone never leaves the browser.
(() => {
  const { lang } = document.documentElement;
  const language = lang === "en" ? "en-CA" : lang;
  const times = document.querySelectorAll("time[data-own-time]");

  const inOwnZone = (moment) =>
    new Intl.DateTimeFormat(language, {
      weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit", timeZoneName: "short",
    })
      .format(moment)
      // A line does not break inside a time: "17 h 30", "GMT-7".
      .replace(/(\d) h (\d)/, "$1\u00a0h\u00a0$2")
      .replace(/(GMT|UTC)-/, "$1\u2212");

  for (const time of times) {
    const moment = new Date(time.dateTime);
    const said = [time.dataset.offset, time.dataset.placeOffset].filter(Boolean).map(Number);
    if (said.includes(-moment.getTimezoneOffset())) continue;
    const own = document.createElement("span");
    own.className = "when__own";
    own.textContent = ` (${time.dataset.ownTime.replace("%s", inOwnZone(moment))})`;
    time.parentElement.append(own);
  }
})();
