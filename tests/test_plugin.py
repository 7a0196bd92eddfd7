"""What the plugin (tests/servers/plugin.py) gives a test, and what it does not."""

import pytest
from django.core.cache import cache

from members.models import Member


def test_a_test_that_asks_for_no_database_gets_none():
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Member.objects.count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_time", ["first", "second"])
def test_a_cached_value_ends_with_its_test(_time):
    assert cache.get("left-behind") is None
    cache.set("left-behind", "by a test")
