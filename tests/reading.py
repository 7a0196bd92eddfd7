"""Parses a page the way a screen reader sees it."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "hr", "img", "input", "link", "meta", "wbr"}


class Page(HTMLParser):
    """Every element of an HTML page, in order: tag, attributes, and the text inside it.

    Raises AssertionError if the page closes an element that is not open.
    """

    def __init__(self, html):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", **dict(attrs)}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.elements.append({"tag": tag, "text": "", **dict(attrs)})

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, **wanted):
        """Return the elements with these attributes; write `for_` and `class_` for Python keywords."""
        return [e for e in self.elements if all(e.get(key.strip("_")) == value for key, value in wanted.items())]

    def one(self, **wanted):
        (element,) = self.all(**wanted)
        return element


def words(element):
    """Return the text of an element with normalized whitespace."""
    return " ".join(element["text"].split())
