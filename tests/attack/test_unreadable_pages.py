"""THREATS 60: if a cell can't be decrypted, no page of its row answers 500, and no form overwrites the cell.

The tests walk each user's own pages and select every button, with all cells of a column broken: one column at a time in
the long run, all at once in the short one.
"""

import pytest
from django.db import transaction

from tests.attack.conftest import LONG
from tests.attack.undecryptable import COLUMNS, break_all
from tests.attack.unreadable_walk import everybody, walked

pytestmark = [pytest.mark.django_db]

#: These need the value: an email with the name, an offer with a copy of it.
REFUSED = {"post my_details_action offer", "post admin:members_member_action approve"}
#: These delete or replace a value even if it can't be decrypted. No form with other fields does.
MEANT = (
    "post my_details_action forget-address", "post my_details_action leave", "post my_details_action pause",
    "post my_details_action cancel-changes",
    "post my_details without_email", "post rsvp_code come", "post unsubscribe", "post message_answer report",
    "post representative_report_message", "post representative_profile_hide", "post representative_step_down",
    "post admin:chapters_representative_end", "post admin:chapters_representative_hide",
    "post admin:members_member_action close", "post admin:members_member_action undo", "post admin:members_member_same",
)  # fmt: skip


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield everybody()
        transaction.set_rollback(True)


@pytest.mark.parametrize("contexts", [[context] for context in COLUMNS] if LONG else [list(COLUMNS)], ids="-".join)
def test_no_page_of_a_broken_row_fails_and_no_action_overwrites_it(people, contexts, tell):
    for context in contexts:
        break_all(context)
    walks = [walked(*one, contexts=contexts) for one in people]
    tell(f"{contexts}: {sum(walk.asked for walk in walks)} requests")
    failed = [fail for walk in walks for fail in walk.failed]
    refused = set().union(*(walk.refused for walk in walks)) - REFUSED
    written = [each for walk in walks for each in walk.written if not each[0].startswith(MEANT)]
    told = [each for walk in walks for each in walk.told]
    assert (failed, refused, written, told) == ([], set(), [], [])
