import pytest

from s4jr.tables.titles import columns_titled, has_words, plain_title


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Email Address", "email_address"),
        (" E-Mail ", "e_mail"),
        ("E-mail 1 - Value", "e_mail_1_value"),
        ("Prénom *", "prenom"),
        ("¿Cómo te llamas?", "como_te_llamas"),
        ("N° / ID", "n_id"),
        ("can2_state_abbreviated", "can2_state_abbreviated"),
        ("État", "etat"),
        ("DoNotEmail", "do_not_email"),
        ("emailOptOut", "email_opt_out"),
        ("GDPRConsent", "gdpr_consent"),
        ("PrénomUsuel", "prenom_usuel"),
        ("FNAME", "fname"),
        ("eMail", "e_mail"),
        ("", ""),
    ],
)
def test_titles_are_compared_without_case_accents_and_punctuation(title, plain):
    assert plain_title(title) == plain


def test_the_best_title_comes_first_and_a_column_has_one_meaning():
    header = ["Email Address", "Name", "email", "Username"]
    titles = {"email": ["email", "email_address"], "name": ["name", "username", "email"]}
    assert columns_titled(header, titles) == {"email": [2, 0], "name": [1, 3]}


def test_two_columns_of_one_title_are_both_found():
    assert columns_titled(["email", "email"], {"email": ["email"]}) == {"email": [0, 1]}


@pytest.mark.parametrize(
    ("title", "found"), [("Email Opt-Out", True), ("Opted", False), ("opt out", True), ("Co-opt outing", False)]
)
def test_words_and_phrases_are_found_whole(title, found):
    assert has_words(title, {"opt_out"}) is found
