"""Error pages have plain words, Exit and the support page, whatever else is broken."""

import pytest
from django.test import Client
from django.urls import reverse

from s4jr import error_views


@pytest.mark.parametrize(
    ("handler", "status"),
    [
        (error_views.bad_request, 400),
        (error_views.permission_denied, 403),
        (error_views.page_not_found, 404),
        (error_views.csrf_failure, 403),
        (error_views.server_error, 500),
    ],
)
def test_each_has_exit_and_support_and_needs_no_database(rf, handler, status):
    response = handler(rf.get("/"))
    page = response.content.decode()
    assert response.status_code == status
    assert 'href="/exit/"' in page
    assert 'href="/support/"' in page


def test_a_missing_page(client):
    assert client.get("/nowhere/").status_code == 404


@pytest.mark.django_db
def test_a_csrf_failure_is_explained_in_plain_words():
    stranger = Client(enforce_csrf_checks=True)
    response = stranger.post(reverse("join"), {"name": "x"}, headers={"Origin": "https://other.example"})
    assert response.status_code == 403
    assert 'href="/exit/"' in response.content.decode()


@pytest.mark.django_db
def test_a_server_error_shows_a_page_and_no_values(client, monkeypatch):
    def fails(*args):
        raise ValueError("rosalind@mailbox.example")

    monkeypatch.setattr("members.applications.views.median_wait_days", fails)
    client.raise_request_exception = False
    response = client.get("/join/")
    assert response.status_code == 500
    assert "rosalind" not in response.content.decode()
