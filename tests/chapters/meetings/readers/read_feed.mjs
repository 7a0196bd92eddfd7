// What ical.js and node-ical read in a calendar file: {reader: [event, …]} as JSON. Neither wrote any of our feeds.
// It fails if the two read different events, also in a single instant, title or state.
// The tests run it with a calendar as a JSON string on standard input. By hand, with node 20 or newer, here:
//   npm ci --ignore-scripts && node read_feed.mjs /path/to/meetings.ics
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

const path = process.argv[2];
const text = path ? readFileSync(path, "utf8") : JSON.parse(readFileSync(0, "utf8"));

const read = (uid, start, end, sequence, status, summary, description) => ({
  uid,
  start: start.toISOString(),
  end: end.toISOString(),
  sequence: Number(sequence),
  status,
  summary,
  description: description ?? null,
});

const readByIcalJs = () => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const [start, end] = [event.startDate.toJSDate(), event.endDate.toJSDate()];
    const status = component.getFirstPropertyValue("status");
    return read(event.uid, start, end, event.sequence, status, event.summary, event.description);
  });
};

const readByNodeIcal = () =>
  Object.values(nodeIcal.sync.parseICS(text))
    .filter((part) => part.type === "VEVENT")
    .map((event) =>
      read(event.uid, event.start, event.end, event.sequence, event.status, event.summary, event.description),
    );

const byUid = (one, other) => one.uid.localeCompare(other.uid);
const found = { "ical.js": readByIcalJs().sort(byUid), "node-ical": readByNodeIcal().sort(byUid) };
console.log(JSON.stringify(found, null, path ? 2 : 0));

const [one, other] = Object.values(found).map((events) => events.map((event) => JSON.stringify(event)));
if (one.join() !== other.join()) {
  console.error("ical.js and node-ical read different events:", other.filter((event) => !one.includes(event)));
  process.exitCode = 1;
} else if (path) {
  console.error(`${one.length} events, read alike by ical.js and node-ical`);
  process.exitCode = one.length === 0 ? 1 : 0;
}
