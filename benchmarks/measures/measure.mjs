// Reads {"site", "http_port", "browser", "pages", "times"} from standard input; writes what three strangers' tools say of a
// site on this machine: {"observatory": {…}, "lighthouse": {page: [scores of each time]}, "pa11y": {page: [findings]}}.
import { scan } from "@mdn/mdn-http-observatory";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import pa11y from "pa11y";
import { readFileSync, writeFileSync } from "node:fs";
import net from "node:net";

const { site, http_port, browser, pages, times } = JSON.parse(readFileSync(0, "utf8"));
const flags = ["--headless=new", "--no-sandbox", "--ignore-certificate-errors", "--disable-dev-shm-usage"];
const categories = ["performance", "accessibility", "best-practices", "seo"];

// Observatory asks the usual ports and no others, which only root may open: the way to them is led to ours.
const observatory = async () => {
  const { hostname, port } = new URL(site);
  const ours = { 80: http_port, 443: Number(port) };
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...said) {
    const where = Array.isArray(said[0]) ? said[0][0] : said[0];
    if (where?.port in ours) where.port = ours[where.port];
    return connect.apply(this, said);
  };
  // A list of hosts that browsers know to be https, which it would have fetched from the internet: ours is on none.
  writeFileSync(new URL("../conf/hsts-preload.json", import.meta.resolve("@mdn/mdn-http-observatory")), "{}");
  const { scan: whole, tests } = await scan(hostname);
  net.Socket.prototype.connect = connect;
  const said = Object.entries(tests).map(([name, { result, scoreModifier }]) => [name, result, scoreModifier]);
  return { grade: whole.grade, score: whole.score, tests: said };
};

const once = async (page) => {
  const chrome = await launch({ chromePath: browser, chromeFlags: flags });
  try {
    const { lhr } = await lighthouse(site + page, { port: chrome.port, onlyCategories: categories, logLevel: "error" });
    const scores = categories.map((name) => Math.round(lhr.categories[name].score * 100));
    const short = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score < 0.9);
    return { scores, short: short.map((audit) => `${audit.id} ${audit.displayValue ?? ""}`.trim()) };
  } finally {
    await chrome.kill();
  }
};

const findings = async (page) => {
  const chromeLaunchConfig = { executablePath: browser, args: flags };
  const { issues } = await pa11y(site + page, { runners: ["axe", "htmlcs"], standard: "WCAG2AA", chromeLaunchConfig });
  return issues.map((issue) => `${issue.code} ${issue.selector}`);
};

const said = { observatory: await observatory(), lighthouse: {}, pa11y: {} };
for (const page of pages) {
  said.lighthouse[page] = [];
  for (let time = 0; time < times; time += 1) said.lighthouse[page].push(await once(page));
  said.pa11y[page] = await findings(page);
}
process.stdout.write(JSON.stringify(said));
