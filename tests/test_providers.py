"""Pages that show what only another part knows: the view asks a provider, the template only shows the answer."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from s4jr.providers import Provider
from tests import make


def test_a_provider_answers_with_what_its_function_gives(rf):
    provider, request = Provider("anything"), rf.get("/")
    provider.register(lambda *given, **named: (given, named))
    assert provider.call(request, 1, page=2) == ((request, 1), {"page": 2})


def test_one_that_no_app_registered_says_which_it_is(rf):
    with pytest.raises(ImproperlyConfigured, match="for the provider lonely"):
        Provider("lonely").call(rf.get("/"))


@pytest.mark.django_db
def test_the_admins_page_of_one_app_shows_the_dashboard_as_the_first_page_does(client):
    make.signed_in_staff(client)
    pages = [client.get(reverse("admin:index")), client.get(reverse("admin:app_list", args=["members"]))]
    assert ["Nothing is waiting for you." in page.content.decode() for page in pages] == [True, True]
