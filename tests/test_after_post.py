"""After a form that changed something the browser is on a page of its own, so that a reload sends nothing again."""

from datetime import timedelta

import pytest
from django.test import Client

from chapters.models import Representative
from members.models import Member, MemberLink
from s4jr.mail.letters import unsubscribe_token
from s4jr.mail.models import Suppression
from s4jr.privacy.blind_index import blind_index
from tests import cast
from tests.chapters import cast as chapters_cast

pytestmark = pytest.mark.django_db

#: Each page that a link or a form with a code leads to, once something changed.
DONE = {
    "/join/confirm/done/": "It is confirmed",
    "/join/confirm/deleted/": "It is deleted",
    "/my-details/address-confirmed/": "It is changed",
    "/my-details/emails-again/": "Emails can come again",
    "/unsubscribe/done/": "No more letters",
    "/unsubscribe/done/news/": "No more news",
}


def link_for(member, purpose):
    link = MemberLink.objects.make([member], purpose, lasting=timedelta(hours=1))[0]
    return f"/join/confirm/{link}/" if purpose == "confirm" else f"/my-details/{link}/"


def sent(path, *answers):
    """Where the browser is after each time the form of `path` was sent, or the status of the answer."""
    responses = [Client().post(path, answer) for answer in answers]
    return [getattr(response, "url", response.status_code) for response in responses]


@pytest.mark.parametrize("address", DONE)
def test_the_page_of_what_happened_shows_again_and_again_without_a_cookie(client, address):
    pages = [client.get(address), client.get(address)]
    assert [(page.status_code, DONE[address] in page.content.decode()) for page in pages] == [(200, True)] * 2
    assert (client.post(address).status_code, pages[0]["Cache-Control"], dict(client.cookies)) == (405, "no-store", {})


@pytest.mark.parametrize("address", DONE)
def test_the_host_of_email_links_answers_it(client, settings, address):
    settings.SITE_URL, settings.LETTER_URL = "https://site.example", "https://quiet.example"
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


def test_letting_emails_come_again_leads_to_such_a_page():
    assert sent(link_for(cast.waiting(), "emails_again"), {}, {}) == ["/my-details/emails-again/"] * 2


def test_stopping_emails_leads_to_such_a_page():
    every, news = (f"/unsubscribe/{unsubscribe_token('index', scope)}/" for scope in Suppression.Scope)
    assert sent(news, {"which": "announcements"}) + sent(every, {"which": "every_letter"}, {"which": "never"}) == [
        "/unsubscribe/done/news/", "/unsubscribe/done/", "/unsubscribe/done/",
    ]  # fmt: skip


def test_a_mail_program_is_never_redirected():
    """RFC 8058, 3.1: a redirected POST becomes a GET in many programs."""
    path = f"/unsubscribe/{unsubscribe_token('index')}/"
    assert sent(path, {"List-Unsubscribe": "One-Click"}) == [200]


def test_a_renewed_profile_is_shown_at_the_same_link(client):
    profile = chapters_cast.representative(letters_written=1)
    path = f"/desk/renew/{Representative.objects.filter(pk=profile.pk).give_link()}/"
    assert sent(path, {}, {}) == [path, path]
    assert "Thank you" in client.get(path).content.decode()
