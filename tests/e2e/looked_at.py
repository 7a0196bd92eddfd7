"""Opens pages that were gathered without a browser in a real one, at their own URLs and with their own headers."""

import mimetypes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

from s4jr.staticfiles import with_imports
from tests.servers.node import module

OF_COLOURS = ("color-contrast", "link-in-text-block")
NOT_OURS_TO_SAY = {"content-length", "connection", "transfer-encoding"}


class Window:
    """A browser page that loads the responses that Django's test client received.

    `scripts` maps the paths of scripts that the site generates to their content. `.strangers` lists URLs of other hosts
    that pages requested; `.complaints` lists CSP violations and script errors, each with its page.
    """

    def __init__(self, browser, scripts=None, **options):
        self.served, self.strangers, self.complaints = None, [], []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, {**(scripts or {})}))
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()
        # Requests to other hosts go to a proxy that doesn't exist, so nothing leaves the machine.
        self.context = browser.new_context(proxy={"server": "http://127.0.0.1:1", "bypass": "127.0.0.1"}, **options)
        self.context.add_init_script(path=module("axe-core/axe.min.js"))
        self.context.add_init_script(KEEP_REPORTS)
        self.context.on("request", lambda request: self._note(request.url))
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append((str(self.served), str(error))))

    def close(self):
        self.context.close()
        self.server.shutdown()
        self.server.server_close()

    def open(self, shown, color_scheme="light"):
        """Loads a `Shown` and waits for its styles and scripts."""
        self.served = shown
        self.page.emulate_media(color_scheme=color_scheme)
        self.page.goto(self.origin + shown.path)
        self.page.evaluate(STAND_STILL)  # otherwise axe would measure colors in mid-transition
        self.complaints += [(str(shown), report) for report in self.page.evaluate("policyReports")]

    def _note(self, address):
        if not address.startswith((self.origin, "data:", "blob:")):
            self.strangers.append((str(self.served), address))

    def findings(self):
        """Returns [(scheme, rule, element, why)] from axe for the current page; in dark mode, only for colors."""
        in_light = [("light", *each) for each in self._axe()]
        self.page.emulate_media(color_scheme="dark")
        return in_light + [("dark", *each) for each in self._axe({"runOnly": {"type": "rule", "values": OF_COLOURS}})]

    def for_hands(self):
        """Returns [(problem, element)] for users of a keyboard or a finger: no focus outline, or too small a target."""
        return self.page.evaluate(FOR_HANDS)

    def for_eyes(self):
        """Returns [(problem, element)] of an admin page: small text, several filled buttons, a careless way to delete.

        The last looks are at the widths of a tablet and a phone, where no page may scroll sideways. On the phone the
        header stays low.
        """
        found = self.page.evaluate(FOR_EYES)
        size = self.page.viewport_size
        for width in (768, 360):
            self.page.set_viewport_size({"width": width, "height": 800})
            found += self.page.evaluate(TOO_WIDE)
        found += self.page.evaluate(TOO_HIGH)
        self.page.set_viewport_size(size)
        return found

    def _axe(self, chosen=None):
        return self.page.evaluate(RUN_AXE, {**OF_AXE, **(chosen or {})})


KEEP_REPORTS = """globalThis.policyReports = [];
addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) => {
  policyReports.push(`${violatedDirective} ${blockedURI}`);
});
"""
STAND_STILL = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets = [still];
}"""
OF_AXE = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
#: Focuses one element of each kind on a page. 44 pixels is our own rule; axe checks WCAG's 24.
FOR_HANDS = """() => {
  const found = [], kinds = new Set();
  const isShown = (e) => e.checkVisibility({visibilityProperty: true});
  const seen = (all) => [...document.querySelectorAll(all)].filter(isShown);
  const named = (e) => e.outerHTML.slice(0, 120);
  for (const e of seen("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
    const around = [e.parentElement, e.closest("section, nav")].map((each) => each?.className);
    const kind = [e.tagName, e.type, e.className, ...around].join();
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    e.focus();
    const {outlineStyle, outlineWidth} = getComputedStyle(e);
    const ring = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    if (document.activeElement === e && !ring) found.push(["no ring", named(e)]);
  }
  document.activeElement?.blur();
  scrollTo(0, 0); // or what is under the bar that stays would be too small for axe
  for (const e of seen("button, input[type=submit], a.button, a.exit, nav a, summary")) {
    const {width, height} = e.getBoundingClientRect();
    if (!e.closest(".visually-hidden, .skip, .crumbs") && Math.min(width, height) < 43.9) {
      found.push([`${Math.round(width)} x ${Math.round(height)} px`, named(e)]);
    }
  }
  return found;
}"""
#: 16 pixels is our own rule, also for hints and errors. What ends or deletes has one class and is never first.
FOR_EYES = r"""() => {
  const found = [], kinds = new Set();
  const isElsewhere = (e) => e.closest(".visually-hidden, .skip, svg, #header");
  const isShown = (e) => e.checkVisibility({visibilityProperty: true}) && !isElsewhere(e);
  const named = (e) => e.outerHTML.slice(0, 120);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const holders = new Set(document.querySelectorAll("input:not([type=hidden]), select, textarea"));
  while (texts.nextNode()) if (texts.currentNode.data.trim()) holders.add(texts.currentNode.parentElement);
  for (const e of holders) {
    const kind = e.tagName + e.className;
    if (!isShown(e) || e.matches("option, script, style") || kinds.has(kind)) continue;
    if (parseFloat(getComputedStyle(e).fontSize) < 15.9) { kinds.add(kind); found.push(["small text", named(e)]); }
  }
  const boxes = "select, textarea, input:not([type=checkbox], [type=radio], [type=hidden])";
  for (const e of document.querySelectorAll(boxes)) {
    if (isShown(e) && e.getBoundingClientRect().height < 43.9) found.push(["low box", named(e)]);
  }
  const all = "#content :is(button, input[type=submit], a.button, a.addlink)";
  const buttons = [...document.querySelectorAll(all)].filter(isShown);
  const ink = getComputedStyle(document.body).color;
  const filled = buttons.filter((e) => getComputedStyle(e).backgroundColor === ink);
  if (filled.length > 1) found.push(["filled twice", filled.map((e) => e.textContent || e.value).join()]);
  for (const e of buttons) {
    const words = (e.value || e.textContent).trim(), isDanger = e.classList.contains("button--danger");
    if (DANGER.test(words) && !isDanger) found.push(["not marked as danger", named(e)]);
    const row = e.closest(".button-row, .submit-row");
    const isOther = (b) => row?.contains(b) && !b.classList.contains("button--danger");
    const others = buttons.filter(isOther);
    const isLater = others.every((o) => o.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (isDanger && !isLater) found.push(["danger is not last", named(e)]);
  }
  if (document.body.innerText.includes("Please correct")) found.push(["Django's words", "Please correct"]);
  return found;
}""".replace(
    "DANGER",
    r"/^(Delete|Close without|End (the|membership)|Cancel (this )?invitation|Take down|Stop for good|Hide their)/",
)
#: What sticks out the furthest is named too.
TOO_WIDE = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const edge = (e) => e.getBoundingClientRect().right;
  const all = [...document.body.querySelectorAll("*")];
  const furthest = all.reduce((one, other) => (edge(other) > edge(one) ? other : one));
  return [["scrolls sideways", `${document.documentElement.scrollWidth} px`, furthest.outerHTML.slice(0, 200)]];
}"""
#: What stands above the content of an admin page: its header, and with the menu closed no more than the way here.
TOO_HIGH = """() => {
  const parts = [...document.querySelectorAll("#header, .strip, .sections, .tabs, .crumbs, #user-tools")];
  const high = parts.map((e) => e.getBoundingClientRect().height).reduce((sum, each) => sum + each, 0);
  return high > 200 ? [["high header", `${high} px`]] : [];
}"""
RUN_AXE = """async (options) => {
  const {violations} = await axe.run(document, options);
  const why = (node) => [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
  return violations.flatMap((v) => v.nodes.map((node) => [v.id, node.html.slice(0, 160), why(node)]));
}"""


def _handler(window, made):
    """Serves the open page, our static files, and the scripts that the site generates."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # keeps connections open

        def do_GET(self):
            path = unquote(urlsplit(self.path).path)
            if path.startswith("/static/"):
                body = made.get(path) or made.setdefault(path, _read(path.removeprefix("/static/")))
                kept = {"Content-Type": mimetypes.guess_type(path)[0] or "text/plain", "Cache-Control": "max-age=600"}
                self._answer(200, body, kept)
            elif path in made:
                self._answer(200, made[path], {"Content-Type": "text/javascript"})
            elif path == unquote(urlsplit(window.served.path).path):
                self._answer(window.served.status, window.served.html.encode(), window.served.headers)
            else:
                self._answer(404, b"", {})

        def _answer(self, status, body, headers):
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in NOT_OURS_TO_SAY:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said):
            pass

    return Handler


def _read(name):
    source, inside = _stylesheet(name) if name.startswith("css/") else (None, name)
    if source:
        with source.open(inside) as file:
            return file.read()
    with open(finders.find(name), "rb") as file:
        return file.read()


def _stylesheet(name):
    return with_imports(StaticFilesStorage(location=settings.BASE_DIR / "static"), name)
