"""Which emails the admin lists. It hides those that would reveal something by being there."""

from django.apps import apps
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Q, Value
from django.db.models.functions import Concat

from s4jr.mail.kinds import TO_TYPED_ADDRESSES
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.querysets import OutgoingEmailQuerySet


def emails_listed_for(user: AbstractUser | AnonymousUser) -> OutgoingEmailQuerySet:
    """Without emails about records this user may not know of: such models have a method `numbers_known_to`.

    Also without emails that would reveal what a page of the site hides (see TO_TYPED_ADDRESSES), and without the emails
    of announcements: as rows they could be counted, and the number of recipients is only shown as a range.
    """
    states = OutgoingEmail.State
    needs_somebody = Q(state__in=[states.FAILED, states.UNKNOWN, states.BOUNCED, states.RETURNED])
    emails = OutgoingEmail.objects.filter(~Q(kind__in=TO_TYPED_ADDRESSES) | needs_somebody)
    emails = emails.filter(Q(batch="") | needs_somebody)
    for model in apps.get_models():
        if known := getattr(model._default_manager, "numbers_known_to", None):
            name = model._meta.model_name
            theirs = known(user).values_list(Concat(Value(f"{name} "), "number"))
            emails = emails.filter(~Q(about__startswith=f"{name} ") | Q(about__in=theirs))
    return emails
