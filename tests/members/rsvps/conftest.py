import pytest

from s4jr.security.status_code import code_of_form
from tests.after_post import SHOWN_ONCE, pages_after_changes
from tests.members.rsvps.people import member as a_member


@pytest.fixture(autouse=True)
def forms_redirect_after_a_change():
    """Checks that changes redirect: reloading a response to a POST would send the form again."""
    with pages_after_changes() as noted:
        yield noted
    assert [page for page in noted if page[0] not in SHOWN_ONCE] == []


@pytest.fixture
def member(db):
    return a_member()


@pytest.fixture
def come_in(client):
    """Signs in with the member's status code."""

    def opened(member):
        return client.post("/my-details/", {"code": code_of_form(member.form_token)}, follow=True)

    return opened
