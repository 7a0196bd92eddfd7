import pytest

from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_of_form
from tests import cast
from tests.after_post import SHOWN_ONCE, pages_after_changes
from tests.members.self_service.visitors import Visitor


@pytest.fixture(autouse=True)
def forms_redirect_after_a_change():
    """Checks that changes redirect: reloading a response to a POST would send the form again."""
    with pages_after_changes() as noted:
        yield noted
    assert [page for page in noted if page[0] not in SHOWN_ONCE] == []


@pytest.fixture
def member(db):
    """Rosalind, approved."""
    member = cast.waiting(pronouns="ze/hir", relation="both", ways_to_help="policy behind", access_needs="captions")
    cast.put(member, "approved")
    member.refresh_from_db()
    return member


@pytest.fixture
def come_in_by_link(client):
    """Signs in with an email link; returns the response with the overview."""

    def come_in(member):
        OutgoingEmail.objects.filter(kind="open-details").delete()
        client.post("/my-details/", {"do": "send_link", "email": member.email})
        [email] = OutgoingEmail.objects.filter(kind="open-details")
        return client.post(cast.paths_in(email.body)[0], follow=True)

    return come_in


@pytest.fixture
def come_in_by_both(client, come_in_by_link):
    """Signs in with an email link and gives the status code; returns the response with the overview."""

    def come_in(member):
        come_in_by_link(member)
        return client.post("/my-details/", {"do": "give_code", "code": code_of_form(member.form_token)}, follow=True)

    return come_in


@pytest.fixture
def come_in_by_code(client):
    """Signs in with the status code; returns the response with the overview."""

    def come_in(member, **carried):
        return client.post("/my-details/", {"code": code_of_form(member.form_token), **carried}, follow=True)

    return come_in


@pytest.fixture
def owner():
    """The member, in her own browser."""
    return Visitor()


@pytest.fixture
def other(member):
    """Another person who can open her inbox, signed in by a link."""
    visitor = Visitor()
    visitor.by_link(member)
    return visitor


@pytest.fixture
def code(member):
    return code_of_form(member.form_token)
