"""A column means what its whole title says; what speaks of consent is asked about."""

import pytest

from members.import_export.columns import ASK, MEANINGS, NOT_READ, TITLES, guess_meanings, in_order, score_header
from s4jr.tables.titles import plain_title


def meanings(*header, **cells):
    """Returns the meaning of each column that is read or asked about; every column has a cell."""
    columns = [cells.get(plain_title(title), ["something"]) for title in header]
    found = zip(header, guess_meanings(header, columns), strict=True)
    return {title: meaning for title, meaning in found if meaning != NOT_READ}


class TestNames:
    @pytest.mark.parametrize(
        "title",
        ["Middle Name", "Event Name", "Emergency contact", "Emergency contact name", "Organization Name", "User Name",
         "Name of the person who hurt you (optional)", "Nickname", "Company", "Chapter name", "Nom de l’organisme",
         "Nombre del evento", "Deuxième prénom", "Segundo nombre", "Contacto de emergencia", "Lead name",
         "Name Prefix", "Legal name", "Who referred you?"],
    )  # fmt: skip
    def test_other_names_are_not_the_name_of_the_member(self, title):
        assert meanings(title, "Email") == {"Email": "email"}

    @pytest.mark.parametrize(
        "title",
        ["Name", "NAME *", "Full name", "Your name", "What is your name?", "Name (required)", "Nom complet",
         "Comment vous appelez-vous ?", "Nombre completo", "¿Cómo te llamas?", "Nom", "Nombre", "Preferred name"],
    )  # fmt: skip
    def test_a_whole_title_for_a_name_is_one(self, title):
        assert meanings(title, "Email") == {title: "name", "Email": "email"}

    @pytest.mark.parametrize(
        ("first", "last"),
        [("First Name", "Last Name"), ("FNAME", "LNAME"),
         ("FIRSTNAME", "LASTNAME"), ("Given Name", "Family Name"), ("First Name", "Surname"),
         ("Prénom", "Nom de famille"), ("Prénom", "Nom"), ("Nombre", "Apellidos"), ("Nombres", "Apellido"),
         ("Name", "Surname"), ("first_name", "last_name")],
    )  # fmt: skip
    def test_first_and_last_names_are_known_in_three_languages(self, first, last):
        assert meanings(first, last, "Email") == {first: "first", last: "last", "Email": "email"}


@pytest.mark.parametrize(
    "title",
    ["Email", "E-mail", "EMAIL ADDRESS", "What is your email address?", "Courriel", "Adresse courriel",
     "Adresse e-mail", "Correo", "Correo electrónico", "Dirección de correo electrónico", "E-mail 1 - Value",
     "Username", "Address"],
)  # fmt: skip
def test_addresses_are_known_in_three_languages(title):
    assert meanings(title) == {title: "email"}


@pytest.mark.parametrize(
    "title", ["Emergency contact email", "Email of your lawyer", "Email domain", "E-mail 1 - Label"]
)
def test_another_address_is_not_the_members(title):
    assert meanings(title, "Email") == {"Email": "email"}


def test_a_postal_address_is_no_email_address():
    assert meanings("Address", "Username", "Email Address") == {"Email Address": "email"}


@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("State/Province", "region"), ("Province", "region"), ("Province ou État", "region"),
        ("Estado o provincia", "region"), ("Country/Region Name", "country"), ("Pays", "country"),
        ("País", "country"), ("Timestamp", "joined"), ("Horodateur", "joined"), ("Marca temporal", "joined"),
        ("Registration Time", "joined"), ("Preferred Language", "language"), ("Langue", "language"),
        ("Idioma", "language"), ("Pronouns (optional)", "pronouns"), ("Pronoms", "pronouns"),
        ("Pronombres", "pronouns"), ("Newsletter", "newsletter"), ("Infolettre", "newsletter"),
        ("Boletín", "newsletter"), ("ways_to_help", "ways_to_help"), ("number", "number"),
    ],
)  # fmt: skip
def test_the_other_columns_are_known_in_three_languages(title, meaning):
    assert meanings(title, "Email") == {title: meaning, "Email": "email"}


class TestConsent:
    @pytest.mark.parametrize(
        ("title", "meaning"),
        [
            ("status", "status"), ("Approval Status", "status"), ("Statut", "status"), ("Estatus", "status"),
            ("Do Not Email", "stopped"), ("do_not_contact", "stopped"), ("Email Opt Out", "stopped"),
            ("On Hold", "stopped"), ("is_deceased", "stopped"), ("Blocklisted", "stopped"),
            ("Ne pas contacter", "stopped"), ("Désabonné", "stopped"), ("No enviar correos", "stopped"),
            ("Dado de baja", "stopped"), ("email_opt_in", "consent"), ("Consentement", "consent"),
            ("Consentimiento", "consent"), ("Subscribed", "consent"),
        ],
    )  # fmt: skip
    def test_columns_that_forbid_are_known_in_three_languages(self, title, meaning):
        assert meanings(title, "Email") == {title: meaning, "Email": "email"}

    @pytest.mark.parametrize(
        "title",
        ["Can we email you about events?", "Opt-out reason", "Subscription (weekly)", "Consent to photographs",
         "Membership status (old)", "Don’t email", "Is it safe to write to you?", "Unsubscribed from digest",
         "Acceptez-vous nos courriels ?", "Statut du dossier", "Désabonnement", "Accord signé", "Ne pas appeler",
         "¿Podemos llamarte?", "Estado del trámite", "Autorización firmada", "Suscripción semanal",
         "No contactar más"],
    )  # fmt: skip
    def test_what_speaks_of_status_or_consent_is_asked(self, title):
        assert meanings(title, "Email") == {title: ASK, "Email": "email"}

    @pytest.mark.parametrize(
        "title", ["Do Not Phone", "mobile_opt_in", "can2_sms_status", "UNSUB_REASON", "City", "why"]
    )
    def test_what_is_about_something_else_is_not_asked(self, title):
        assert meanings(title, "Email") == {"Email": "email"}

    @pytest.mark.parametrize(
        ("title", "meaning"),
        [
            ("DoNotEmail", "stopped"), ("doNotContact", "stopped"), ("HasOptedOutOfEmail", "stopped"),
            ("OptOut", "stopped"), ("IsSubscribed", "consent"), ("MembershipStatus", "status"),
            ("EmailSubscriptionStatusName", ASK), ("IsEmailBounced", ASK), ("FirstName", "first"),
            ("FName", "first"), ("LName", "last"), ("LastName", "last"), ("PreferredEmail", "email"),
        ],
    )  # fmt: skip
    def test_titles_without_spaces_are_read_word_by_word(self, title, meaning):
        assert meanings(title, "Email") == {title: meaning, "Email": "email"}

    @pytest.mark.parametrize(
        "title",
        ["STOP", "Stop emails", "Never email", "DONOTEMAIL", "Withdrawn", "Resigned on", "Canceled at", "Archived",
         "Suspended member", "Email delivery disabled", "is_deleted", "Remove me", "Undeliverable", "Do not mail",
         "Ne veut plus de courriels", "Démission", "Radiée", "Supprimé le", "Ya no quiere correos", "Renuncia",
         "Eliminada", "Cancelado"],
    )  # fmt: skip
    def test_the_end_of_a_membership_is_asked_about(self, title):
        assert meanings(title, "Email") == {title: ASK, "Email": "email"}

    @pytest.mark.parametrize(
        "title", ["Receive emails", "Wants email", "Ok to contact", "Mailing list", "Courriels", "¿Contactar?"]
    )
    @pytest.mark.parametrize("cells", [["yes", "no"], ["No"], ["x"], ["FALSE", "TRUE"], ["Oui", "Non"], ["Sí", "0"]])
    def test_a_column_of_yes_and_no_about_emails_is_asked_about(self, title, cells):
        assert meanings(title, "Email", **{plain_title(title): cells}) == {title: ASK, "Email": "email"}

    @pytest.mark.parametrize(
        ("title", "cells"),
        [("Attended", ["yes", "no"]), ("Mailing list", ["Spring", "no"]), ("Contact owner", ["Eve"])],
    )
    def test_another_column_of_yes_and_no_is_not(self, title, cells):
        assert meanings(title, "Email", **{plain_title(title): cells}) == {"Email": "email"}

    @pytest.mark.parametrize("title", ["", "Tags", "Column 7"])
    @pytest.mark.parametrize("cell", ["Unsubscribed", "do not email", "Opted-out", "Désabonnée", "Dado de baja"])
    def test_a_no_in_a_column_of_any_title_is_asked_about(self, title, cell):
        columns = [["Ida"], ["ida@mailbox.example"], ["spring", cell]]
        assert guess_meanings(["Name", "Email", title], columns) == ["name", "email", ASK]

    def test_do_not_mail_beside_do_not_email_is_about_postal_mail(self):
        assert meanings("Do Not Email", "Do Not Mail", "Email") == {"Do Not Email": "stopped", "Email": "email"}

    def test_an_empty_column_is_not_asked(self):
        assert meanings("Consent to photographs", "Email", consent_to_photographs=[]) == {"Email": "email"}

    @pytest.mark.parametrize(
        ("cells", "meaning"),
        [(["Sonora", "Jalisco"], "region"), (["Aprobada", "Pendiente"], "status"), (["approved"], "status")],
    )
    def test_estado_is_a_place_or_a_status_as_its_cells_say(self, cells, meaning):
        assert meanings("Estado", "Correo", estado=cells) == {"Estado": meaning, "Correo": "email"}

    @pytest.mark.parametrize(("cells", "meaning"), [(["discreet", "yes"], "contact"), (["Eve Madeup"], ASK)])
    def test_contact_is_a_preference_only_if_its_cells_are(self, cells, meaning):
        assert meanings("Contact", "Email", contact=cells) == {"Contact": meaning, "Email": "email"}


def test_a_line_uses_the_best_title_first():
    header = ["E-mail 2 - Value", "Email", "E-mail 1 - Value"]
    assert in_order(header, ["email"] * 3) == {"email": [1, 2, 0]}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (["First Name", "Last Name", "Email", "Approval Status"], ["User Name", "Email", "Join Time"]),
        (["name", "Email"], ["Email of the host"]),
        (["Which email do you read?", "Name"], ["Name", "Topic"]),
    ],
)
def test_the_header_is_the_row_with_the_most_known_titles(better, worse):
    assert score_header(better) > score_header(worse)


def test_a_row_without_a_word_for_email_is_no_header():
    assert score_header(["Name", "Joined", "Remailed"]) == 0


def test_each_title_is_written_plainly_and_has_one_meaning():
    titles = [title for some in TITLES.values() for title in some]
    assert [title for title in titles if plain_title(title) != title] == []
    assert sorted(titles) == sorted(set(titles))
    assert set(MEANINGS) - set(TITLES) == {NOT_READ}
