// What ical.js and node-ical read in a calendar file, beside each other. By hand, with node 20 or newer, here:
//   npm ci --ignore-scripts && node read_feed.mjs /path/to/meetings.ics
// It fails if the two do not read the same evenings, from the same instant to the same instant, in the same state.
// The suite reads the same feeds with two readers that need no node (test_calendars.py).
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

const text = readFileSync(process.argv[2], "utf8");
const line = (uid, start, end, sequence, status) =>
  [uid, start.toISOString(), end.toISOString(), Number(sequence), status].join(" ");

const byIcalJs = () => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const [start, end] = [event.startDate.toJSDate(), event.endDate.toJSDate()];
    return line(event.uid, start, end, event.sequence, component.getFirstPropertyValue("status"));
  });
};

const byNodeIcal = () =>
  Object.values(nodeIcal.sync.parseICS(text))
    .filter((part) => part.type === "VEVENT")
    .map((event) => line(event.uid, event.start, event.end, event.sequence, event.status));

const [one, other] = [byIcalJs().sort(), byNodeIcal().sort()];
console.log(one.join("\n"));
if (one.length === 0 || one.join() !== other.join()) {
  console.error("ical.js and node-ical read different evenings:", other.filter((found) => !one.includes(found)));
  process.exit(1);
}
console.error(`${one.length} evenings, read alike by ical.js and node-ical`);
