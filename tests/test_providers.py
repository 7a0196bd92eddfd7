"""Pages that show data of another part: the view calls a provider, and the template only shows the result."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from s4jr.providers import Provider
from tests import make


def test_a_provider_returns_the_result_of_its_function(rf):
    provider, request = Provider("anything"), rf.get("/")
    provider.register(lambda *given, **named: (given, named))
    assert provider.call(request, 1, page=2) == ((request, 1), {"page": 2})


def test_an_unregistered_provider_raises_its_name(rf):
    with pytest.raises(ImproperlyConfigured, match="for the provider lonely"):
        Provider("lonely").call(rf.get("/"))


@pytest.mark.django_db
def test_the_admin_page_of_one_app_shows_the_dashboard_like_the_index(client):
    make.signed_in_staff(client)
    pages = [client.get(reverse("admin:index")), client.get(reverse("admin:app_list", args=["members"]))]
    assert ["Nothing is waiting for you." in page.content.decode() for page in pages] == [True, True]
