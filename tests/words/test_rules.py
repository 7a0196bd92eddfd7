"""A kind of text of its own: its rule and its preview come from an app this one does not know."""

import pytest

from s4jr.words import rules
from s4jr.words.rules import PlainPreview, register_rule


@pytest.fixture(autouse=True)
def a_rule(monkeypatch):
    """Signs on a door: short, and in capitals."""
    monkeypatch.setattr(rules, "_rules", {})
    register_rule(
        "signs/",
        problems=lambda key, language, text: [] if text.isupper() else [f"{key} ({language}) needs capitals."],
        preview=lambda key, language, text: [PlainPreview("The sign", key, text)],
        hint="In capitals.",
    )


def test_a_text_under_the_prefix_keeps_to_the_rule():
    assert rules.problems("signs/door", "en", "Open") == ["signs/door (en) needs capitals."]
    assert rules.problems("signs/door", "en", "OPEN") == []


def test_a_text_under_the_prefix_has_the_rules_own_preview_and_hint():
    assert rules.plain_previews("signs/door", "en", "OPEN") == [PlainPreview("The sign", "signs/door", "OPEN")]
    assert rules.hint("signs/door") == "In capitals."


def test_any_other_text_has_none_of_it():
    assert (rules.problems("door", "en", "Open"), rules.plain_previews("door", "en", "Open")) == ([], [])
    assert rules.hint("door") is None
