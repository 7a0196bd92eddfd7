"""THREATS 50 in its long form: each role, member status, invalid form and page, before and after a reason is given."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from members.models import Member
from tests import cast, make
from tests.canaries import WRONG, Crawl, Records, addresses_of

pytestmark = pytest.mark.django_db
ROLES = ["Reader", "Editor", "Care", "Press", "Coordinator"]


def crawl_as(role):
    client = Client()
    user = make.signed_in_staff(client, "grace", superuser=False)
    user.groups.add(Group.objects.get(name=role))
    return Crawl(client, user, Records())


def opening(row):
    """Returns the request that opens a record for a reason."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return [("post", address, {"reason": "a canary was looked for"})]


@pytest.mark.parametrize("role", ROLES)
def test_the_access_log_records_everything_that_is_shown(role, size, tell):
    crawl, found = crawl_as(role), []
    statuses = size([Member.Status.WAITING], [status for status in Member.Status if status not in Member.UNPROVED])
    for status in statuses:
        cast.put(crawl.records.member, status)
        rows = crawl.records.rows if status == statuses[0] else [crawl.records.member]
        for row in rows:
            found += crawl_row(crawl, row, size(WRONG[:1], WRONG))
    tell(f"{role}: {len(found)} requests, {sum(bool(one.shown) for one in found)} with a canary")
    assert [(one.where, one.untold) for one in found if one.untold] == []


def crawl_row(crawl, row, wrong):
    """Requests every URL of a row, opened and not, by GET and with invalid forms."""
    for address in addresses_of(row):
        for first in ([], opening(row)):
            yield crawl.ask("get", address, first=first)
            for said in wrong:
                yield crawl.ask("post", address, said, first=first)
