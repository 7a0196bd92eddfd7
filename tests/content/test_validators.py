"""Another app registers the rule and preview of a kind of text; this app knows neither."""

import pytest

from s4jr.content import validators
from s4jr.content.validators import PlainPreview, register_rule


@pytest.fixture(autouse=True)
def a_rule(monkeypatch):
    """A rule for door signs: they need capitals."""
    monkeypatch.setattr(validators, "_rules", {})
    register_rule(
        "signs/",
        problems=lambda key, language, text: [] if text.isupper() else [f"{key} ({language}) needs capitals."],
        preview=lambda key, language, text: [PlainPreview("The sign", key, text)],
        hint="In capitals.",
    )


def test_the_rule_validates_texts_under_its_prefix():
    assert validators.problems("signs/door", "en", "Open") == ["signs/door (en) needs capitals."]
    assert validators.problems("signs/door", "en", "OPEN") == []


def test_texts_under_the_prefix_have_the_preview_and_hint_of_the_rule():
    assert validators.plain_previews("signs/door", "en", "OPEN") == [PlainPreview("The sign", "signs/door", "OPEN")]
    assert validators.hint("signs/door") == "In capitals."


def test_other_texts_have_neither_rule_nor_preview():
    assert (validators.problems("door", "en", "Open"), validators.plain_previews("door", "en", "Open")) == ([], [])
    assert validators.hint("door") is None
