"""A form that deletes something redirects to a page of its own, so a reload sends nothing again."""

import ast

import pytest

from members.models import Member
from members.self_service import deletion_views
from tests import cast
from tests.test_architecture import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def deleted(client, member, come_in_by_link):
    come_in_by_link(member)
    response = client.post("/my-details/press/withdraw/")
    assert (response.status_code, response.url, Member.objects.count()) == (302, "/my-details/deleted/", 0)


def receipt(client):
    return client.get("/my-details/deleted/").content.decode()


def test_the_receipt_is_on_a_page_that_can_be_reloaded(client, member, deleted):
    pages = [receipt(client), receipt(client)]
    assert [(f"Number {member.number}" in page, "What stays" in page) for page in pages] == [(True, True)] * 2


def test_ten_minutes_later_it_is_gone(client, member, deleted, monkeypatch):
    monkeypatch.setattr(deletion_views, "SHOWN_SECONDS", -1)
    page = receipt(client)
    assert ("We deleted" in page, member.number in page, "Receipt" in page) == (False, False, False)
    assert "If you deleted your information, it’s done." in page


def test_the_session_contains_none_of_it_in_the_clear(client, member, deleted):
    kept = str(dict(client.session.items()))
    assert [word for word in (member.number, cast.NAME, cast.ADDRESS) if word in kept] == []


def test_exit_deletes_it(client, deleted):
    client.get("/exit/")
    client.cookies.pop("left")
    assert "Receipt" not in receipt(client)


def test_no_other_browser_shows_it(deleted):
    from django.test import Client

    assert "Receipt" not in receipt(Client())


@pytest.mark.parametrize(
    "address",
    [
        "/my-details/deleted/", "/my-details/link-sent/", "/contact/answer/deleted/",
        "/representatives/answer/deleted/", "/representatives/would-you/answer/deleted/", "/meetings/coming/canceled/",
    ],
)  # fmt: skip
def test_each_page_after_deleting_is_read_only(client, address):
    assert [client.get(address).status_code, client.get(address).status_code, client.post(address).status_code] == [
        200, 200, 405,
    ]  # fmt: skip


@pytest.mark.parametrize("address", ["/my-details/left/", "/my-details/no-more-emails/"])
def test_the_pages_after_leaving_need_a_visit(client, address):
    assert client.get(address).url == "/my-details/"


def test_the_page_after_leaving_can_be_reloaded(client, member, come_in_by_link):
    come_in_by_link(member)
    assert client.post("/my-details/press/leave/").url == "/my-details/left/"
    assert ["You have left" in client.get("/my-details/left/").content.decode() for _twice in "ab"] == [True, True]


def rendering_functions(path):
    """Returns the functions of a file that render a response."""
    for node in ast.parse((ROOT / path).read_text()).body:
        if isinstance(node, ast.FunctionDef):
            calls = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
            if any(isinstance(func, ast.Name) and func.id == "render" for func in calls):
                yield node.name


def test_no_action_on_ones_own_pages_renders_a_response():
    """A new code has a page of its own, and waits in the session."""
    assert set(rendering_functions("members/self_service/views.py")) == {"no_more_emails", "show_all"}
    assert set(rendering_functions("members/self_service/credential_views.py")) == {"new_code"}
