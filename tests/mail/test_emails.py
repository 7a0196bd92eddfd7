"""The text of emails, and the links in them."""

import pytest
from django.conf import settings as django_settings
from django.core.mail import send_mail

from s4jr.content.live_texts import text_block
from s4jr.mail.discreet import can_be_discreet, coalition_words_in
from s4jr.mail.emails import email_link, read_unsubscribe_token, stop_link, unsubscribe_token, write_from
from s4jr.mail.kinds import TO_MANY
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.template_validation import sample_values
from tests import cast
from tests.mail.wire import message_of


@pytest.mark.django_db
def test_an_email_with_an_unfilled_placeholder_is_never_sent():
    with pytest.raises(KeyError):
        write_from(text_block("emails/welcome", "en"), details_link="https://a.example/d/")


@pytest.mark.django_db
def test_user_input_is_not_read_as_a_placeholder():
    text = text_block("emails/welcome", "en")
    _, body = write_from(text, **{**sample_values(text), "name": "{details_link}"})
    assert "Hello {details_link}," in body


def test_links_use_the_mail_host_and_the_language_of_the_email(settings):
    settings.EMAIL_LINK_URL = "https://quiet.example"
    assert email_link("unsubscribe", "fr-ca", token="x") == "https://quiet.example/fr/unsubscribe/x/"


@pytest.mark.parametrize("scope", Suppression.Scope)
def test_an_unsubscribe_token_holds_address_and_scope_and_cannot_be_forged(scope):
    assert read_unsubscribe_token(unsubscribe_token("index", scope)) == ("index", scope)
    assert read_unsubscribe_token("other" + unsubscribe_token("index", scope)) is None


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["welcome", TO_MANY])
def test_the_headers_tell_mail_programs_how_to_unsubscribe_from_this_kind(settings, kind):
    settings.EMAIL_LINK_URL = "https://quiet.example"
    email = cast.written(kind=kind, language="fr-ca")
    message = message_of(email)
    link = stop_link(email.to_index, kind, "fr-ca")
    assert message["List-Unsubscribe"] == f"<{link}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link.startswith("https://quiet.example/fr/unsubscribe/")


def test_discreet_is_possible_only_with_a_neutral_host_and_sender(settings):
    assert can_be_discreet()
    settings.BOUNCE_ADDRESS = "bounces@survivors.example"
    assert not can_be_discreet()
    settings.BOUNCE_ADDRESS = "bounces@quiet.example"
    assert can_be_discreet()
    settings.EMAIL_LINK_URL = "https://emails.survivors.example"
    assert not can_be_discreet()


@pytest.mark.django_db
def test_emails_of_libraries_go_through_the_outbox(settings):
    settings.EMAIL_BACKEND = "s4jr.mail.backend.OutboxBackend"
    send_mail("A subject", "A body.\n", None, ["ada@mailbox.example", "bo@mailbox.example"])
    assert sorted((email.to, email.kind) for email in OutgoingEmail.objects.all()) == [
        ("ada@mailbox.example", "account"),
        ("bo@mailbox.example", "account"),
    ]


def test_emails_come_from_a_neutral_sender():
    assert coalition_words_in(django_settings.MAIL_FROM) == []
