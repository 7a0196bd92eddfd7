"""The emails of an announcement: the author's text in the recipient's form, with links to unsubscribe."""

import pytest

from members.announcements.audience import Recipient
from members.announcements.emails import emails, preview, trial_emails
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.emails import read_unsubscribe_token
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import queue_emails
from tests import cast
from tests.mail.wire import message_of
from tests.members.announcements.cast import announcement

pytestmark = pytest.mark.django_db
LONG = "heron " * 40


def written_for(sent=None, *, discreet=False, language="en"):
    recipient = Recipient(1, cast.ADDRESS, "member 4F2A91", language, discreet)
    [email] = emails(sent or announcement(), [recipient])
    return email


def test_members_who_chose_discreet_get_the_discreet_form():
    sent = announcement(body="S4JR meets.\n", discreet_subject="Meeting", discreet_body="We meet.\n")
    plain, discreet = written_for(sent), written_for(sent, discreet=True)
    assert (plain.subject, plain.body.splitlines()[0]) == ("Thursday", "S4JR meets.")
    assert (discreet.subject, discreet.body.splitlines()[0]) == ("Meeting", "We meet.")
    assert coalition_words_in(f"{discreet.subject} {discreet.body}") == []


def test_long_lines_are_wrapped_and_typed_line_breaks_stay():
    body = written_for(announcement(body=f"{LONG}\n\n- one\n- two\n")).body
    assert body.startswith("heron " * 11 + "heron\n")
    assert "\n\n- one\n- two\n\n" in body
    assert [line for line in body.splitlines() if len(line) > 72 and not line.startswith("http")] == []


@pytest.mark.parametrize("discreet", [True, False])
def test_the_unsubscribe_link_and_header_stop_announcements(discreet):
    email = written_for(discreet=discreet, language="fr-ca")
    queue_emails([email])
    [link] = cast.links_in(email.body)
    assert message_of(OutgoingEmail.objects.get())["List-Unsubscribe"] == f"<{link}>"
    assert "/fr/unsubscribe/" in link
    token = link.rstrip("/").rpartition("/")[2]
    assert read_unsubscribe_token(token) == (blind_index(cast.ADDRESS), "announcements")


def test_it_belongs_to_its_batch_and_reader_and_goes_once_to_an_address():
    sent = announcement()
    email = written_for(sent)
    assert (email.kind, email.batch, email.about) == ("announcement", sent.batch, "member 4F2A91")
    queue_emails([email, written_for(sent, discreet=True)])
    assert OutgoingEmail.objects.count() == 1
    queue_emails([written_for(announcement())])
    assert OutgoingEmail.objects.count() == 2
    assert max(len(email.dedupe_key) for email in OutgoingEmail.objects.all()) <= 100


@pytest.mark.parametrize("discreet", [True, False])
def test_its_footer_is_true_for_readers_who_did_not_ask_for_news(discreet):
    """Announcements to a place or a chapter go to all its members, and those to representatives to all of them."""
    foot = written_for(discreet=discreet).body.partition("\n\n")[2].casefold()
    assert "asked" not in foot
    assert ("members or representatives" in " ".join(foot.split())) is not discreet


@pytest.mark.parametrize("discreet", [True, False])
def test_the_preview_reads_like_the_email(discreet):
    sent = announcement()
    email, seen = written_for(sent, discreet=discreet), preview(sent, discreet, "The email")
    [link], [sample] = cast.links_in(email.body), cast.links_in(seen.body)
    assert (seen.title, seen.body) == (email.subject, email.body.replace(link, sample))


def test_a_test_email_comes_in_both_forms_each_time():
    sent = announcement(discreet_subject="Meeting")
    for event in ("one press", "another"):
        queue_emails(trial_emails(sent, cast.ADDRESS, "en", event))
    found = [(email.subject, email.kind, email.batch) for email in OutgoingEmail.objects.order_by("created_at")]
    assert sorted(found) == [("Meeting", "test", "")] * 2 + [("Thursday", "test", "")] * 2
