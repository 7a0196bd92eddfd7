"""The choices of a member's fields."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("address not confirmed")
    DUPLICATE_ADDRESS = "duplicate_address", _("confirmed, but the address is already in use")
    WAITING = "waiting", _("waiting for review")
    ON_HOLD = "on_hold", _("decide later")
    APPROVING = "approving", _("approved, can still be undone")
    DECLINING = "declining", _("not now, can still be undone")
    DECLINED = "declined", _("not now")
    LAPSED = "lapsed", _("not answered in time")
    APPROVED = "approved", _("approved")
    ENDING_MEMBERSHIP = "ending_membership", _("ending membership, can still be undone")
    MEMBERSHIP_ENDED = "membership_ended", _("membership ended")
    LEFT = "left", _("left")
    CLOSED = "closed", _("closed without an email")


UNDECIDED = [Status.WAITING, Status.ON_HOLD]
#: Decided, and not in effect before `effective_at`: until then any admin can undo it.
IN_GRACE_PERIOD = [Status.APPROVING, Status.DECLINING, Status.ENDING_MEMBERSHIP]
#: At most one row with an address has one of these (`one_live_row_an_address`).
LIVE = [*UNDECIDED, *IN_GRACE_PERIOD, Status.APPROVED]
#: The statuses that need the day of a decision. Someone who left, or was not answered in time, may have none.
DECIDED = [*IN_GRACE_PERIOD, Status.APPROVED, Status.DECLINED, Status.MEMBERSHIP_ENDED, Status.CLOSED]


class Relation(models.TextChoices):
    SURVIVOR = "survivor", _("A survivor")
    ALLY = "ally", _("An ally")
    BOTH = "both", _("Both")
    NOT_SAID = "not_said", _("I’d rather not say")


class DeclineReason(models.TextChoices):
    """Why an application gets a "not now". Stored encrypted: a safety concern about someone is not for a list."""

    NOT_A_FIT = "not_a_fit", _("Not a fit right now")
    INCOMPLETE = "incomplete", _("The application is incomplete")
    SAFETY = "safety", _("A safety concern")
    OTHER = "other", _("Another reason")
