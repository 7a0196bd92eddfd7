"""A kind of text of its own: its rule and its preview come from an app this one does not know."""

import pytest

from s4jr.content import validators
from s4jr.content.validators import PlainPreview, register_rule


@pytest.fixture(autouse=True)
def a_rule(monkeypatch):
    """Signs on a door: short, and in capitals."""
    monkeypatch.setattr(validators, "_rules", {})
    register_rule(
        "signs/",
        problems=lambda key, language, text: [] if text.isupper() else [f"{key} ({language}) needs capitals."],
        preview=lambda key, language, text: [PlainPreview("The sign", key, text)],
        hint="In capitals.",
    )


def test_a_text_under_the_prefix_keeps_to_the_rule():
    assert validators.problems("signs/door", "en", "Open") == ["signs/door (en) needs capitals."]
    assert validators.problems("signs/door", "en", "OPEN") == []


def test_a_text_under_the_prefix_has_the_rules_own_preview_and_hint():
    assert validators.plain_previews("signs/door", "en", "OPEN") == [PlainPreview("The sign", "signs/door", "OPEN")]
    assert validators.hint("signs/door") == "In capitals."


def test_any_other_text_has_none_of_it():
    assert (validators.problems("door", "en", "Open"), validators.plain_previews("door", "en", "Open")) == ([], [])
    assert validators.hint("door") is None
