"""A user with a keyboard and no mouse, who moves with Tab and needs to see the focus."""

from pathlib import Path

from tests.e2e.looked_at import OF_AXE, RUN_AXE, STAND_STILL
from tests.servers.node import module

MOST_PRESSES = 120
#: Returns the name of the focused element and whether it is visible: outlined, inside the viewport, not covered.
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return {name: "", seen: true};
  const words = e.labels?.length ? e.labels[0].innerText : e.getAttribute("aria-label") || e.innerText || e.value || "";
  const {outlineStyle, outlineWidth} = getComputedStyle(e), box = e.getBoundingClientRect();
  const across = Math.min(Math.max(box.left + Math.min(box.width / 2, 40), 0), innerWidth - 1);
  const middle = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 0), innerHeight - 1);
  const top = document.elementFromPoint(across, middle);
  // The last stop inside a date or a time is its button, on which the browser draws a ring of its own.
  const ring = !e.matches(":focus") || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
  return {name: words.trim(), seen: ring && Boolean(top && (e.contains(top) || top.contains(e)))};
}"""


class Hands:
    """`.to(name)` presses Tab until the element of that name has the focus.

    `.unseen` lists the focused elements on the way that were not visible, `.tabs` counts the presses of Tab.
    """

    def __init__(self, page):
        self.page, self.unseen, self.tabs = page, [], 0

    def to(self, name):
        self.page.wait_for_load_state()  # the heading may appear before the styles that draw the outline
        for _ in range(MOST_PRESSES):
            self.page.keyboard.press("Tab")
            self.tabs += 1
            focused = self.page.evaluate(FOCUSED)
            if not focused["seen"]:
                self.unseen.append((self.page.url, focused["name"]))
            if focused["name"].startswith(name):
                return self
        raise AssertionError(f"Tab never came to {name!r} on {self.page.url}")

    def focused(self):
        """The name of the focused element."""
        return self.page.evaluate(FOCUSED)["name"]

    def type(self, words):
        self.page.keyboard.insert_text(words)
        return self

    def type_letters(self, letters):
        """Types key by key: into a date or time, or to choose in a list."""
        self.page.keyboard.type(letters)
        return self

    def press(self, key="Enter"):
        self.page.keyboard.press(key)
        return self

    def arrive(self, heading):
        self.page.get_by_role("heading", name=heading, exact=True).first.wait_for()
        return self


#: The nearest live region around a text: "status", "alert", or "" if a screen reader is told nothing.
REGION = "e => e.closest('[role=status], [role=alert]')?.getAttribute('role') ?? ''"


class Walk(Hands):
    """Hands that begin each page of the admin as a user of a keyboard does: with the way past everything repeated.

    `.silent` lists the messages that no live region says, `.far` what took more than `FAR` presses of Tab, `.findings`
    what axe says about each page that was waited for. Axe needs a page with scripts.
    """

    FAR = 30

    def __init__(self, page, with_axe=False):
        super().__init__(page)
        self.with_axe, self.silent, self.far, self.findings = with_axe, [], [], []

    def to(self, name):
        before = self.tabs
        super().to(name)
        self.far += [(self.page.url, name)] if self.tabs - before > self.FAR else []
        return self

    def past(self):
        """From the top of the page: the way out, then the way past, which is taken.

        An anchor, or a page that puts the focus where its work goes on, has led past already.
        """
        self.page.wait_for_load_state()
        if self.page.evaluate("location.hash || document.activeElement !== document.body"):
            return self
        ways = []
        for _stop in range(2):
            self.page.keyboard.press("Tab")
            ways.append(self.focused().split("\n")[0])
        assert ways == ["Exit", "Skip to main content"], self.page.url
        return self.press()

    def hears(self, text):
        """Waits for a message, and notes whether a live region says it."""
        said = self.page.locator("main").get_by_text(text).first
        said.wait_for()
        self.silent += [] if said.evaluate(REGION) else [(self.page.url, text)]
        return self._look()

    def arrive(self, heading):
        super().arrive(heading)
        return self._look()

    def _look(self):
        if self.with_axe:
            self.page.wait_for_load_state()
            self.page.evaluate(Path(module("axe-core/axe.min.js")).read_text())
            self.page.evaluate(f"scrollTo(0, 0); ({STAND_STILL})()")  # what is under a header that stays is too small
            self.findings += [(self.page.url, *finding) for finding in self.page.evaluate(RUN_AXE, OF_AXE)]
        return self
