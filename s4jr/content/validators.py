"""Texts that are not just page text, such as emails, register validation, a preview and a hint of their own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

_rules: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True)
class PlainPreview:
    """A text outside any page: plain, with its lines broken as they will be."""

    heading: str
    title: str
    body: str


def register_rule(
    prefix: str,
    *,
    problems: Callable[[str, str, str], Iterable[str]],
    preview: "Callable[[str, str, str], Iterable[PlainPreview]]",
    hint: str | Promise,
) -> None:
    """Let an app validate texts whose key begins with `prefix`, without this app knowing it.

    `problems(key, language, text)` returns a sentence for each reason not to save `text`, shown to the editor;
    `preview(key, language, text)` returns PlainPreviews in place of the page's own, where `text` may be "" for the
    current words; `hint` is the help text of the textarea.
    """
    _rules[prefix] = {"problems": problems, "preview": preview, "hint": hint}


def problems(key: str, language: str, text: str) -> list[str]:
    """Sentences that say why this text must not be saved; empty for most."""
    return [problem for rule in _of(key) for problem in rule["problems"](key, language, text)]


def plain_previews(key: str, language: str, text: str) -> list[PlainPreview]:
    """How a text outside pages will read; empty for a text on a page."""
    return [preview for rule in _of(key) for preview in rule["preview"](key, language, text)]


def hint(key: str) -> str | Promise | None:
    """The help text for this text, or None for the usual one."""
    return next((rule["hint"] for rule in _of(key)), None)


def _of(key):
    return [rule for prefix, rule in _rules.items() if key.startswith(prefix)]
