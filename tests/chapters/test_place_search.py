"""The place search finds a place, asks which one, or suggests the nearest names, for any input."""

import csv
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from chapters.place_data import tables
from chapters.place_search import MOST_OFFERED, find_places, is_full_name, place_choices, place_label

LANGUAGES = [code for code, _name in settings.LANGUAGES]
#: What people type, and the codes that the search finds, or the nearest place.
INPUTS = Path(__file__).parent.parent / "data" / "place_inputs.csv"


def rows():
    with INPUTS.open(encoding="utf-8", newline="") as file:
        return [tuple(row.values()) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("kind", "typed", "finds", "nearest"), rows())
def test_each_input_of_the_table_finds_its_place_in_each_language(kind, typed, finds, nearest):
    for read in LANGUAGES:
        with override(read):
            found = find_places(typed)
        assert (read, " ".join(found.codes), " ".join(found.nearest[:1])) == (read, finds, nearest)


def test_the_table_has_many_inputs_of_each_kind():
    kinds = [kind for kind, *_rest in rows()]
    assert (len(kinds) >= 250, len({typed for _kind, typed, *_rest in rows()}) == len(kinds)) == (True, True)
    assert min(kinds.count(kind) for kind in set(kinds)) >= 4


@pytest.mark.parametrize(
    ("typed", "code"),
    [("PA", "US-PA"), ("GA", "US-GA"), ("IL", "US-IL"), ("CA", "US-CA"), ("VA", "US-VA"), ("ON", "CA-ON"),
     ("NL", "CA-NL"), ("pa", "US-PA"), ("De", "US-DE"), ("IN", "US-IN"), ("fr", "FR"), ("CAN", "CA")],
)  # fmt: skip
def test_abbreviations_of_states_and_provinces_come_before_country_codes(typed, code):
    assert find_places(typed).codes == (code,)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("USA", "US"), ("U.S.A.", "US"), ("u. s. a.", "US"), ("UK", "GB"), ("DC", "US-DC"), ("Washington, D.C.", "US-DC"),
     ("Washington", "US-WA"), ("PEI", "CA-PE"), ("P.E.I.", "CA-PE"), ("B.C.", "CA-BC"), ("Newfoundland", "CA-NL"),
     ("the Netherlands", "NL"), ("Korea", "KR"), ("N. Carolina", "US-NC"), ("Puerto Rico", "US-PR")],
)  # fmt: skip
def test_other_spellings_are_known(typed, code):
    assert find_places(typed).codes == (code,)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Ontario, Canada", "CA-ON"), ("ontario canada", "CA-ON"), ("Canada, Ontario", "CA-ON"), ("CA, USA", "US-CA"),
     ("Georgia, USA", "US-GA"), ("Georgia (United States)", "US-GA"), ("Québec / Canada", "CA-QC")],
)  # fmt: skip
def test_a_place_with_its_country_is_one_place(typed, code):
    assert find_places(typed).codes == (code,)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Quebec", "CA-QC"), ("québec", "CA-QC"), ("Nouvelle Ecosse", "CA-NS"), ("Colombie-Britannique", "CA-BC"),
     ("Nueva York", "US-NY"), ("Columbia Britanica", "CA-BC"), ("Alemania", "DE"), ("Etats-Unis", "US"),
     ("Côte d’Ivoire", "CI"), ("cote d'ivoire", "CI"), ("  ONTARIO ", "CA-ON")],
)  # fmt: skip
def test_names_are_known_in_each_language_with_or_without_accents(typed, code):
    assert find_places(typed).codes == (code,)


@pytest.mark.parametrize("typed", ["Georgia", "georgia"])
def test_an_ambiguous_name_gives_both_places(typed):
    assert find_places(typed).codes == ("US-GA", "GE")


@pytest.mark.parametrize(("typed", "code"), [("Bavaria", "DE-BY"), ("Scotland", "GB-SCT"), ("Montana", "US-MT")])
def test_parts_of_other_countries_are_known_and_come_last(typed, code):
    assert find_places(typed).codes == (code,)


@pytest.mark.parametrize(
    ("typed", "first"),
    [("Ontaro", "CA-ON"), ("Pensylvania", "US-PA"), ("Untied States", "US"), ("Anytown, Ontario", "CA-ON"),
     ("New York Town", "US-NY"), ("Ontaro, Canada", "CA-ON")],
)  # fmt: skip
def test_a_typo_or_a_town_gives_the_nearest_names(typed, first):
    found = find_places(typed)
    assert (found.codes, found.nearest[:1], len(found.nearest) <= MOST_OFFERED) == ((), (first,), True)


def test_a_state_of_another_country_is_not_suggested():
    assert find_places("Ontario, USA").codes == ()
    assert set(find_places("Ontario, USA").nearest) == {"CA-ON", "US"}


@pytest.mark.parametrize("typed", ["", " ", "xyzzy plugh", "🙂", "\x00", "((((", "a " * 40, ", " * 40])
def test_other_text_gives_nothing(typed):
    assert (find_places(typed).codes, find_places(typed).nearest) == ((), ())


@pytest.mark.parametrize("shown", LANGUAGES)
@pytest.mark.parametrize("read", LANGUAGES)
def test_each_label_is_found_again_even_in_another_language(shown, read):
    with override(shown):
        labels = place_choices()
    with override(read):
        assert [(code, find_places(label).codes) for code, label in labels] == [(c, (c,)) for c, _label in labels]


def test_labels_are_unambiguous():
    assert [place_label(code) for code in ("CA-ON", "CA", "US-GA", "GE")] == [
        "Ontario, Canada", "Canada", "Georgia, United States", "Georgia (country)"
    ]  # fmt: skip


def test_the_choices_start_with_the_united_states_and_canada():
    codes = [code for code, _label in place_choices()]
    assert (codes[:3], codes.index("CA-ON") < codes.index("AF"), "PR" in codes) == (["US", "CA", "US-AL"], True, False)


@pytest.mark.parametrize(
    ("typed", "is_full"),
    [
        ("CA-ON", True), ("Ontario", True), ("ontario, canada", True), ("Ontario (Canada)", True),
        ("Ontario, Canadá", True), ("ON", False), ("ca-on", True), ("Ont.", False), ("Ontario, USA", False),
        ("Toronto", False), ("M5V 2T6", False), ("", False),
    ],
)  # fmt: skip
def test_only_a_code_or_a_whole_name_needs_no_second_look(typed, is_full):
    assert is_full_name(typed, "CA-ON") is is_full


def test_a_country_with_the_name_of_a_state_has_its_remark_in_its_full_name():
    assert [is_full_name(text, "GE") for text in ("Georgia (country)", "Géorgie (pays)", "GE", "GEO")] == [
        True, True, True, False
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["ca ny " * 5, "ny/tx/" * 5, "ny,tx," * 5, "a b " * 20, "x" * 80, "ontario " * 10])
def test_a_contrived_text_costs_no_more_than_a_typo(typed):
    """Counted as look-ups, because a time depends on the machine."""
    table, asked = tables.spellings()["near"], []

    class Counting(dict):
        def get(self, key, default=None):
            asked.append(key)
            return super().get(key, default)

    tables.spellings()["near"] = Counting(table)
    try:
        find_places(typed)
    finally:
        tables.spellings()["near"] = table
    assert len(asked) < 1000
