import pytest
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import override

from members.applications.ways_to_help import WAYS_TO_HELP, ways_in_words
from members.import_export import values
from members.models import Member

EACH_LANGUAGE = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize(
    "cell",
    [
        "yes",
        "Y",
        "TRUE",
        "1",
        "x",
        "checked",
        "Oui",
        "sí",
        "Si",
        "✓",
        "I agree to get emails",
        "Yes, please",
        "✔️",
        "I do",
    ],
)
def test_a_yes_is_read(cell):
    assert values.is_yes(cell) is True


@pytest.mark.parametrize("cell", ["", "no", "0", "maybe", "yesterday", "Non", "I disagree", "never"])
def test_anything_else_is_no_yes(cell):
    assert values.is_yes(cell) is False


@pytest.mark.parametrize(
    "cell",
    ["I do not consent", "I do not agree to emails", "I accept no emails", "Yes, but not by email", "Yes – phone only",
     "Yes/No", "Yes (unsubscribed 2025)", "Oui, mais pas par courriel", "Je consens pas", "oui/non",
     "Sí, pero no por correo", "Si no hay otra opción", "Acepto no recibir correos", "Sí, solo por teléfono"],
)  # fmt: skip
def test_a_yes_that_is_taken_back_is_none(cell):
    assert values.is_yes(cell) is False


@pytest.mark.parametrize("cell", ["", " ", "no", "N", "FALSE", "0", "Non", "subscribed", "Abonnée", "suscrito"])
def test_an_empty_cell_a_no_and_subscribed_are_no_objection(cell):
    assert values.is_not_stopped(cell) is True


@pytest.mark.parametrize("cell", ["yes", "1", "never", "unsubscribed", "2026-01-01", "none", "?", "Bounced", "cleaned"])
def test_anything_else_is_an_objection(cell):
    assert values.is_not_stopped(cell) is False


class TestStatus:
    @pytest.mark.parametrize("language", EACH_LANGUAGE)
    def test_only_approved_is_approved_in_words_and_codes_of_each_language(self, language):
        with override(language):
            words = {str(code): (str(code), str(label), capfirst(str(label))) for code, label in Member.Status.choices}
        found = {code for code, said in words.items() for word in said if values.is_approved(word)}
        assert found == {"approved"}
        assert all(values.is_status_word(word) for said in words.values() for word in said)

    @pytest.mark.parametrize(
        "cell", ["Active", "enabled", "Attending", "Checked In", "Approuvée", "aprobado", "Membre"]
    )
    def test_the_words_of_other_programs_are_approved(self, cell):
        assert values.is_approved(cell) is True

    @pytest.mark.parametrize(
        "cell",
        ["", "denied", "declined", "pending_approval", "waitlist", "invited", "blocklisted", "disabled", "not approved",
         "Refunded", "Refusé", "Pendiente", "approved?!no"],
    )  # fmt: skip
    def test_anything_else_is_not(self, cell):
        assert values.is_approved(cell) is False


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_email_preferences_are_read_in_words_and_codes_of_each_language(language):
    with override(language):
        words = {str(code): (str(code), str(label)) for code, label in Member.Contact.choices}
    assert {code: {values.read_contact(word) for word in said} for code, said in words.items()} == {
        code: {code} for code in words
    }


def test_an_unknown_preference_is_an_error():
    with pytest.raises(LookupError):
        values.read_contact("perhaps")


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        ("en", "en"), ("en_US", "en"), ("English", "en"), ("Anglais", "en"), ("fr_CA", "fr-ca"), ("fr", "fr-ca"),
        ("Français", "fr-ca"), ("French (Canada)", "fr-ca"), ("francés", "fr-ca"), ("es-MX", "es"), ("Español", "es"),
        ("Spanish", "es"), ("", "en"), ("Deutsch", "en"),
    ],
)  # fmt: skip
def test_languages_are_read_by_code_and_by_name(cell, language):
    assert values.read_language(cell) == language


@pytest.mark.parametrize("language", EACH_LANGUAGE)
@pytest.mark.parametrize("keys", ["", "policy", "meetings media behind", " ".join(key for key, _label in WAYS_TO_HELP)])
def test_ways_to_help_are_read_in_words_and_codes_of_each_language(language, keys):
    with override(language):
        words = ways_in_words(keys)
    assert (values.read_ways(keys), values.read_ways(words)) == (keys, keys)


def test_unknown_ways_to_help_are_left_out():
    assert values.read_ways("media, baking, policy") == "policy media"


@pytest.mark.parametrize(
    ("cell", "number"),
    [("0000AA", "0000AA"), ("0000aa", "0000AA"), (" #E10E15 ", "E10E15"), ("12345", "012345"), ("7", "000007"),
     ("12E104", "12E104"), ("", "")],
)  # fmt: skip
def test_a_number_of_ours_is_read_as_we_wrote_it(cell, number):
    assert values.read_number(cell) == number


@pytest.mark.parametrize("cell", ["1.20E+105", "1,2E+105", "1E+05", "1.2e+13"])
def test_a_number_that_became_a_power_of_ten_is_an_error(cell):
    with pytest.raises(LookupError):
        values.read_number(cell)
