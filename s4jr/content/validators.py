"""Texts that are more than text on a page (emails, say) bring a rule, a preview and a hint of their own."""

from dataclasses import dataclass

_rules = {}


@dataclass(frozen=True)
class PlainPreview:
    """A text as somebody will get it outside any page: plain, its lines broken where they will be."""

    heading: str
    title: str
    body: str


def register_rule(prefix, *, problems, preview, hint):
    """Give texts whose key begins with `prefix` what an app knows of them, without this app knowing it.

    `problems(key, language, text)` gives a sentence for each reason not to save `text`, which the editor then reads;
    `preview(key, language, text)` gives PlainPreviews in place of the page's own, where `text` may be "" for the words
    as they are; `hint` is the help text of the box.
    """
    _rules[prefix] = {"problems": problems, "preview": preview, "hint": hint}


def problems(key, language, text):
    """Sentences that say why this text must not be saved; empty for most."""
    return [problem for rule in _of(key) for problem in rule["problems"](key, language, text)]


def plain_previews(key, language, text):
    """How a text that is no page will read; empty for one that is a page."""
    return [preview for rule in _of(key) for preview in rule["preview"](key, language, text)]


def hint(key):
    """The help text of the box for this text, or None for the usual one."""
    return next((rule["hint"] for rule in _of(key)), None)


def _of(key):
    return [rule for prefix, rule in _rules.items() if key.startswith(prefix)]
