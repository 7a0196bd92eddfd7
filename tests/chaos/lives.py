"""The people of a run: each applies, confirms and is approved by two admins at once; some withdraw at any point."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, connection, transaction

from members.applications.confirmation import confirm
from members.applications.services import ask_to_join
from members.models import Member, MemberLink
from members.retention import erase_members
from members.review.services import approve
from s4jr.database_outage import is_away
from s4jr.mail.models import OutgoingEmail
from tests import cast

AT_ONCE = 6
WITHDRAW = 0.08
#: Emails in these states have not begun to leave; none of them may leave after its recipient withdraws.
CAN_BE_FLAGGED = ("pending", "claimed")


def retry_until_accepted(act):
    """Repeats an action until the database accepts it, as people do who select a button again; returns its result."""
    while True:
        try:
            return act()
        except DatabaseError as error:
            if not is_away(error):
                raise
            connection.close()
            time.sleep(0.1)


class Life:
    """One person.

    After `live`: `is_welcome`, `has_withdrawn`, and `held`, the emails that must never leave.
    """

    def __init__(self, number, chance, withdraws):
        self.number, self.address = number, f"person{number}@mailbox.example"
        self.asked = cast.application(name=f"Testperson {number}", email=self.address, message="")
        self.withdraws_after = chance.choice(["asking", "confirming", "welcome"]) if withdraws else ""
        self.hesitates = chance.uniform(0, 0.4)
        self.is_welcome = self.has_withdrawn = False
        self.held, self.won = set(), 0

    def live(self, admins):
        retry_until_accepted(lambda: ask_to_join(self.asked))
        if self._withdraw_if_due("asking"):
            return
        retry_until_accepted(self._confirm)
        if self._withdraw_if_due("confirming"):
            return
        self.won = sum(self._approve_together(admins))
        self.is_welcome = True
        self._withdraw_if_due("welcome")

    def members(self):
        return Member.objects.filter(form_token=self.asked.form_token)

    def _confirm(self):
        link = MemberLink.objects.get(member__form_token=self.asked.form_token, purpose=MemberLink.Purpose.CONFIRM)
        confirm(link)

    def _approve_together(self, admins):
        """Returns how many people each admin approved by selecting the button at the same moment."""
        together = threading.Barrier(len(admins))
        with ThreadPoolExecutor(len(admins)) as pool:
            return list(pool.map(lambda admin: self._press(admin, together), admins))

    def _press(self, admin, together):
        together.wait(30)
        try:
            return len(retry_until_accepted(lambda: approve(self.members(), by=admin)).won)
        finally:
            connection.close()

    def _withdraw_if_due(self, after):
        if self.withdraws_after != after:
            return False
        time.sleep(self.hesitates)
        while retry_until_accepted(self._withdraw):
            continue
        self.has_withdrawn = True
        return True

    def _withdraw(self):
        """Notes which emails can still be canceled and deletes the person, in one transaction.

        Returns False if the person is already deleted.
        """
        with transaction.atomic():
            member = self.members().select_for_update().first()
            if member is None:
                return False
            emails = OutgoingEmail.objects.filter(about=member.about).select_for_update()
            states = dict(emails.values_list("pk", "state"))
            # Noted before the commit: a commit that is cut off may have succeeded.
            self.held = {str(pk) for pk, state in states.items() if state in CAN_BE_FLAGGED}
            erase_members(member.row)
        return True


def all_live(lives, admins, seconds):
    """Runs all lives, spread over the given seconds."""
    begun = time.monotonic()

    def live(life):
        time.sleep(max(0, begun + seconds * lives.index(life) / len(lives) - time.monotonic()))
        try:
            life.live(admins)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(live, lives))


def born(count, seed, wave=0):
    """Creates people with distinct addresses; each wave has different ones."""
    chance = random.Random(f"{seed} {wave}")
    withdraw = chance.sample(range(count), round(WITHDRAW * count))
    return [Life(wave * count + number, chance, number in withdraw) for number in range(count)]
