"""A user with a keyboard and no mouse, who moves with Tab and needs to see the focus."""

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
  const ring = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  return {name: words.trim(), seen: ring && Boolean(top && (e.contains(top) || top.contains(e)))};
}"""


class Hands:
    """`.to(name)` presses Tab until the element of that name has the focus.

    `.unseen` lists the focused elements on the way that were not visible.
    """

    def __init__(self, page):
        self.page, self.unseen = page, []

    def to(self, name):
        self.page.wait_for_load_state()  # the heading may appear before the styles that draw the outline
        for _ in range(MOST_PRESSES):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            if not focused["seen"]:
                self.unseen.append((self.page.url, focused["name"]))
            if focused["name"].startswith(name):
                return self
        raise AssertionError(f"Tab never came to {name!r} on {self.page.url}")

    def type(self, words):
        self.page.keyboard.insert_text(words)
        return self

    def press(self, key="Enter"):
        self.page.keyboard.press(key)
        return self

    def arrive(self, heading):
        self.page.get_by_role("heading", name=heading, exact=True).first.wait_for()
        return self
