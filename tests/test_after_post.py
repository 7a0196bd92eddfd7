"""After a successful POST the browser is on a URL of its own, so that a reload does not submit the form again."""

import time
from datetime import timedelta

import pytest
from django.test import Client

from chapters.models import Representative
from chapters.representatives.services import give_renewal_link
from members.links import make_links
from members.models import Member, MemberLink, Rsvp
from members.rsvps.links import rsvp_link
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.emails import unsubscribe_token
from s4jr.mail.models import Suppression
from s4jr.security.status_code import code_of_form
from tests import cast
from tests.after_post import pages_after_changes
from tests.chapters import cast as chapters_cast
from tests.chapters.representative_messages import cast as messages
from tests.members.inquiries import people as inquiries
from tests.members.rsvps.people import a_meeting, guest

pytestmark = pytest.mark.django_db

#: Each page that an email link or a form with a code leads to after a change.
DONE = {
    "/contact/answer/added/": "Your message was added",
    "/representatives/answer/added/": "Your message was added",
    "/representatives/answer/reported/": "You reported it",
    "/my-details/address-corrected/": "We corrected the address",
    "/my-details/sent-again/": "Your request will be in the next email",
    "/meetings/coming/done/": "To see your RSVP",
    "/join/confirm/done/": "Your request is confirmed",
    "/join/confirm/deleted/": "This request is deleted",
    "/my-details/address-confirmed/": "We changed your email address",
    "/my-details/emails-again/": "Our emails can start again",
    "/unsubscribe/done/": "No more emails",
    "/unsubscribe/done/news/": "No more news",
}


def link_for(member, purpose):
    link = make_links([member], purpose, lasting=timedelta(hours=1))[0]
    return f"/join/confirm/{link}/" if purpose == "confirm" else f"/my-details/{link}/"


def sent(path, *answers):
    """Submit the form at `path` twice; return where the browser is each time, or the status of the response."""
    responses = [Client().post(path, answer) for answer in answers]
    return [getattr(response, "url", response.status_code) for response in responses]


@pytest.mark.parametrize("address", DONE)
def test_a_result_page_can_be_reloaded_and_starts_no_session(client, address):
    pages = [client.get(address), client.get(address)]
    assert [(page.status_code, DONE[address] in page.content.decode()) for page in pages] == [(200, True)] * 2
    assert (client.post(address).status_code, pages[0]["Cache-Control"], {*client.cookies} - {"csrftoken"}) == (
        405, "no-store", set(),
    )  # fmt: skip


@pytest.mark.parametrize("address", DONE)
def test_the_mail_host_serves_it(client, settings, address):
    settings.SITE_URL, settings.EMAIL_LINK_URL = "https://site.example", "https://quiet.example"
    settings.ALLOWED_HOSTS = ["site.example", "quiet.example"]
    assert client.get(address, headers={"Host": "quiet.example"}).status_code == 200


@pytest.mark.parametrize(("do", "done"), [("confirm", "/join/confirm/done/"), ("delete", "/join/confirm/deleted/")])
def test_confirming_or_deleting_leads_to_such_a_page(do, done):
    member = cast.ask()
    assert sent(link_for(member, "confirm"), {"do": do}) == [done]


def test_confirming_another_address_leads_to_such_a_page():
    member = cast.waiting()
    index = blind_index("new@mailbox.example")
    Member.objects.filter(pk=member.pk).update(new_email="new@mailbox.example", new_email_index=index)
    path = link_for(member, "change")
    MemberLink.objects.filter(purpose="change").update(to_index=index)
    assert sent(path, {}, {}) == ["/my-details/address-confirmed/"] * 2


def test_allowing_emails_again_leads_to_such_a_page():
    assert sent(link_for(cast.waiting(), "emails_again"), {}, {}) == ["/my-details/emails-again/"] * 2


def test_stopping_emails_leads_to_such_a_page():
    every, news = (f"/unsubscribe/{unsubscribe_token('index', scope)}/" for scope in Suppression.Scope)
    assert sent(news, {"which": "announcements"}) + sent(every, {"which": "every_email"}, {"which": "never"}) == [
        "/unsubscribe/done/news/", "/unsubscribe/done/", "/unsubscribe/done/",
    ]  # fmt: skip


def test_a_mail_program_is_never_redirected():
    """RFC 8058, 3.1: many programs turn a redirected POST into a GET."""
    path = f"/unsubscribe/{unsubscribe_token('index')}/"
    assert sent(path, {"List-Unsubscribe": "One-Click"}) == [200]


def test_a_renewed_profile_is_shown_at_the_same_link(client):
    profile = chapters_cast.representative(emails_written=1)
    path = f"/desk/renew/{give_renewal_link(Representative.objects.filter(pk=profile.pk))}/"
    assert sent(path, {}, {}) == [path, path]
    assert "Thank you" in client.get(path).content.decode()


# --- with a code


def test_a_follow_up_message_leads_to_the_page_that_asks_for_the_code():
    token = inquiries.written().form_token
    written = {"code": code_of_form(token), "do": "write", "words": "One thing more."}
    assert sent("/contact/answer/", written) == ["/contact/answer/added/"]


def test_so_does_a_message_to_a_representative_or_a_report():
    message = messages.message(chapters_cast.representative())
    messages.answer(message)
    code, word = messages.code_of(message), message.said.get(is_answer=True).pk
    assert sent(
        "/representatives/answer/",
        {"code": code, "do": "write", "words": "One thing more."},
        {"code": code, "do": "report", "word": word},
    ) == ["/representatives/answer/added/", "/representatives/answer/reported/"]


def test_so_does_a_corrected_address_or_a_resent_email():
    code = code_of_form(cast.ask().form_token)
    assert sent(
        "/my-details/",
        {"code": code, "do": "correct", "email": "new@mailbox.example"},
        {"code": code, "do": "send_again"},
        {"code": code, "do": "without_email"},
    ) == ["/my-details/address-corrected/", "/my-details/sent-again/", "/my-details/"]


# --- an RSVP


@pytest.fixture(params=["code", "link"])
def rsvp(request, client):
    """A person who has confirmed an RSVP, and the URL where their browser is then."""
    row = guest(a_meeting())
    code = {"code": code_of_form(row.form_token)}
    path, more = ("/meetings/coming/", code) if request.param == "code" else (cast.paths_in(rsvp_link(row))[0], {})
    return client.post(path, {**more, "do": "come"}).url


def test_an_rsvp_leads_to_a_page_that_can_be_reloaded(client, rsvp):
    pages = [client.get(rsvp).content.decode() for _twice in range(2)]
    assert (rsvp, ["You’re going." in page for page in pages]) == ("/meetings/coming/done/", [True, True])


def test_quick_exit_removes_it_and_no_other_browser_shows_it(client, rsvp):
    elsewhere = Client().get(rsvp).content.decode()
    client.get("/exit/")
    client.cookies.pop("left")
    assert ["You’re going." in page for page in (elsewhere, client.get(rsvp).content.decode())] == [False, False]


def test_after_ten_minutes_the_page_asks_for_the_code(client, rsvp, monkeypatch):
    later = time.time() + 10 * 60
    monkeypatch.setattr("s4jr.security.reload_state.time.time", lambda: later)
    assert ("You’re going." in client.get(rsvp).content.decode(), "rsvp" in client.session) == (False, False)


def test_the_session_holds_neither_the_row_nor_the_code_in_plaintext(client, rsvp):
    row = Rsvp.objects.get()
    kept = str(dict(client.session.items()))
    assert [word for word in (str(row.pk), code_of_form(row.form_token)) if word in kept] == []


# --- all views


@pytest.mark.parametrize(
    ("answer", "noted"),
    [({"List-Unsubscribe": "One-Click"}, [("unsubscribe", ("mail_suppression",))]), ({"which": "never"}, [])],
)
def test_a_page_after_a_change_is_recorded_and_a_redirect_is_not(client, answer, noted):
    with pages_after_changes() as found:
        client.post(f"/unsubscribe/{unsubscribe_token('index')}/", answer)
        client.post("/contact/answer/", {"code": "AAAA-BBBB-CCCC"})  # counts a wrong code, and changes nothing
    assert found == noted
