"""Pages that show data of another part: the view calls a provider, and the template only shows the result."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from s4jr.providers import Provider


def test_a_provider_returns_the_result_of_its_function(rf):
    provider, request = Provider("anything"), rf.get("/")
    provider.register(lambda *given, **named: (given, named))
    assert provider.call(request, 1, page=2) == ((request, 1), {"page": 2})


def test_an_unregistered_provider_raises_its_name(rf):
    with pytest.raises(ImproperlyConfigured, match="for the provider lonely"):
        Provider("lonely").call(rf.get("/"))
