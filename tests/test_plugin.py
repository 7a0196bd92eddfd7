"""What the plugin (tests/servers/plugin.py) gives a test, and what it does not."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache

from members.models import Member
from s4jr.accounts.models import User
from s4jr.content.models import TextBlock
from tests import make


def test_a_test_that_asks_for_no_database_gets_none():
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Member.objects.count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_time", ["first", "second"])
def test_a_cached_value_ends_with_its_test(_time):
    assert cache.get("left-behind") is None
    cache.set("left-behind", "by a test")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_time", ["first", "second"])
def test_what_a_test_commits_ends_with_it_and_what_it_deletes_comes_back(_time):
    assert (TextBlock.objects.count() > 100, User.objects.count()) == (True, 0)
    group = Group.objects.order_by("pk").first()
    assert (Permission.objects.count() > 100, group.permissions.count() > 0) == (True, True)
    make.admin("ada")
    TextBlock.objects.all().delete()
    Permission.objects.all().delete()
    group.delete()
