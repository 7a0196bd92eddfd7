"""Asking to join. Whatever is known of an address, the same happens to whoever asks: one answer, the same statements.

docs/decisions/0015-each-link-its-own-application.md says what each status means and how an address is proved.
"""

import hmac
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from members.applications import confirmation_emails
from members.applications.agreement import VERSIONS
from members.links import confirm_link_lasts
from s4jr.audit.models import AccessLog
from s4jr.chunked import batches_of
from s4jr.crypto.blind_index import blind_index
from s4jr.erasure.models import Tombstone
from s4jr.mail.mailbox import limit_index
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import cancel_emails
from s4jr.security.status_code import code_hash, code_of_form

CORRECTIONS_AT_MOST = 3
NUMBER_BYTES = 3
#: How many held applications are let through in one transaction.
UNFLAGGED_AT_ONCE = 200
#: How long a browser, while it stays open, is known to have sent an earlier form: as long as that can be confirmed.
SAME_BROWSER_SECONDS = settings.CONFIRM_WITHIN_DAYS * 24 * 60 * 60
Result = TypeVar("Result")


@dataclass(frozen=True)
class Application:
    """What a join form says. `email` is "" where `contact` is none: an address typed with it is dropped unread.

    `form_token` names the form, `previous_token` the one sent before it from the same browser within half an hour, and
    `earlier_token` the one sent before it within a week, if any.
    """

    name: str
    contact: str
    form_token: str
    email: str = ""
    pronouns: str = ""
    relation: str = ""
    ways_to_help: str = ""
    access_needs: str = ""
    message: str = ""
    country: str = ""
    region: str = ""
    chapter: models.Model | None = None
    newsletter: bool = False
    language: str = "en"
    agreement_version: str = VERSIONS[0].name
    flag_reason: str = ""
    previous_token: str = ""
    earlier_token: str = ""
    email_index: str | None = field(init=False)
    limit_index: str | None = field(init=False)

    ANSWERS = ("name", "contact", "email", "pronouns", "relation", "ways_to_help", "access_needs", "message",
               "country", "region", "chapter", "newsletter", "language")  # fmt: skip

    def __post_init__(self):
        object.__setattr__(self, "email_index", blind_index(self.email) if self.email else None)
        object.__setattr__(self, "limit_index", limit_index(self.email) if self.email else None)

    def answers(self):
        """The answers by field name, with the blind index and what limits the emails there."""
        return {name: getattr(self, name) for name in (*self.ANSWERS, "email_index", "limit_index")}

    def same_as(self, member):
        return all(getattr(member, name) == getattr(self, name) for name in (*self.ANSWERS, "email_index"))

    def same_name_as(self, member):
        return hmac.compare_digest(self.name.casefold().encode(), member.name.casefold().encode())


class ChangedMeanwhileError(Exception):
    """Another request changed the row after this one read it."""


def retry_on_conflict(step: Callable[[], Result]) -> Result:
    """What `step()` returns, in one transaction.

    Starts it again where another request was faster: with the same form, the same address, the same number, or with
    confirming or deciding what this one was about to change.
    """
    for _try in range(3):
        with suppress(IntegrityError, ChangedMeanwhileError), transaction.atomic():
            return step()
    with transaction.atomic():
        return step()


def _by_the_same_browser(member, browser_token):
    """What the browser of this application sent too; also what was sent by the one that corrects it now."""
    same = Q(browser_mark=member.browser_mark) if member.browser_mark else Q(pk=None)
    return same | (Q(form_token=browser_token) if browser_token else Q(pk=None))


class JoiningQuerySet(models.QuerySet):
    def unproved(self):
        return self.filter(status__in=self.model.UNPROVED)

    def ask_to_join(self, application):
        """Keep an application and write its confirmation email. Sent twice, or to two workers at once, it is one.

        The same form with other answers replaces the earlier ones while they can be amended. An address that is known
        gets the same email as one that is not. Returns nothing: what happened must not show.
        """
        retry_on_conflict(lambda: self._submit(application))

    def _submit(self, application):
        forms = self._forms_known(application)
        earlier = self._amended_by(application, forms)
        if earlier is None:
            self._assign_address(self._add(application, forms))
        elif application.same_as(earlier):
            self._name_by(application, earlier)
        elif earlier.can_be_corrected:
            self._correct(earlier, application)

    def _forms_known(self, application):
        """What this browser sent before, by the token of the form."""
        tokens = {application.form_token, application.previous_token, application.earlier_token} - {""}
        return {member.form_token: member for member in self.filter(form_token__in=tokens)}

    def _amended_by(self, application, forms):
        if application.form_token in forms:
            return forms[application.form_token]
        # Another person may use the same device next: only the same name amends what was sent before. What can no
        # longer be amended is left alone, and this is an application of its own: its code must lead somewhere.
        earlier = forms.get(application.previous_token)
        return earlier if earlier and earlier.can_be_corrected and application.same_name_as(earlier) else None

    def _add(self, application, forms):
        earlier = forms.get(application.previous_token) or forms.get(application.earlier_token)
        mark = (earlier.browser_mark or earlier.form_token) if earlier else application.form_token
        return self.create(
            **application.answers(),
            **self._stamps(application),
            number=self._free_number(),
            received_on=timezone.now().date(),
            browser_mark=mark,
        )

    def _free_number(self):
        """A number nobody has, and nobody who is gone had: after a restore theirs would be erased again."""
        while Tombstone.objects.filter(number=(number := secrets.token_hex(NUMBER_BYTES).upper())).exists():
            continue
        return number

    def _correct(self, earlier, application):
        """Other answers for `earlier`, if it still is as it was read. The same address gets no second email."""
        moves = earlier.email_index != application.email_index
        stamps = {**self._stamps(application), "flag_reason": earlier.flag_reason or application.flag_reason}
        same_place = {name: getattr(earlier, name) for name in ("status", "confirm_until", "list_due_at")}
        changes = {**stamps, **({} if moves else same_place), "times_corrected": earlier.times_corrected + 1}
        as_read = self._as_read(earlier)
        if not as_read.update(**application.answers(), **changes):
            raise ChangedMeanwhileError
        if moves:
            self._leave_address(earlier)
            self._assign_address(self.get(pk=earlier.pk))

    def _name_by(self, application, earlier):
        """The same answers in a newer form: it is the newer form's code that was shown."""
        if not self._as_read(earlier).update(**self._names(application)):
            raise ChangedMeanwhileError

    def _as_read(self, member):
        """The row of this member, if no one has confirmed, decided, amended or changed it since it was read."""
        return self.filter(pk=member.pk, status=member.status, version=member.version, form_token=member.form_token)

    def _names(self, application):
        return {
            "form_token": application.form_token,
            "code_hash": code_hash(code_of_form(application.form_token)),
        }

    def _stamps(self, application):
        statuses = self.model.Status
        return {
            **self._names(application),
            "agreement_version": application.agreement_version,
            "agreed_at": timezone.now(),
            "flag_reason": application.flag_reason,
            "status": statuses.UNCONFIRMED if application.email else self._without_address(application.flag_reason),
            "confirm_until": None,
            "list_due_at": None,
        }

    def _without_address(self, flag_reason):
        return self.model.Status.ON_HOLD if flag_reason else self.model.Status.WAITING

    # --- the confirmation email

    def _assign_address(self, member):
        """Write the email with which an application is confirmed, unless it is held for a volunteer to look at.

        Nothing here asks whose the address is, so nothing can tell.
        """
        if member.email and not member.flag_reason:
            self.filter(pk=member.pk).update(**confirmation_emails.write_for(member))

    def _leave_address(self, member, browser_token=""):
        """An address was corrected or given up: every link there ends, and every unconfirmed application made there by
        the same browser. `member` is the application as it was. An email that waits is called back."""
        cancel_emails(OutgoingEmail.objects.filter(about=member.about))
        if not member.email_index:
            return
        member.links.filter(to_index=member.email_index).delete()
        others = self.model.objects.unproved().filter(email_index=member.email_index).exclude(pk=member.pk)
        others.filter(_by_the_same_browser(member, browser_token)).withdraw()
        confirmation_emails.recall_list(self.model, confirmation_emails.limit_of(member))

    def send_again(self):
        """These unproved applications join the next list of their address. What comes of it does not show.

        Returns how many there are, whether or not an email follows.
        """
        with transaction.atomic():
            asked = list(
                self.unproved().only("email_index", "limit_index", "list_due_at", "agreed_at").select_for_update()
            )
            for member in asked:
                self.model.objects.filter(pk=member.pk).update(**confirmation_emails.joins_next_list(member))
        return len(asked)

    # --- what a volunteer lets through

    def unflag(self, by):
        """Let held applications through, a batch and a transaction at a time. Returns how many.

        Each waits for the next run of the task that writes confirmation emails: a wave of them leaves at the pace that
        holds for all, and none is held again for it.
        """
        return sum(self._unflag(pks, by) for pks in batches_of(self.exclude(flag_reason=""), UNFLAGGED_AT_ONCE))

    @transaction.atomic
    def _unflag(self, pks, by):
        held = self.model.objects.filter(pk__in=pks).exclude(flag_reason="").select_for_update()
        unflagged = list(held.only("pk", "number"))
        now, statuses = timezone.now(), self.model.Status
        is_unproved = Q(status__in=self.model.UNPROVED)
        self.model.objects.filter(pk__in=[member.pk for member in unflagged]).update(
            flag_reason="",
            list_due_at=Case(When(is_unproved, then=Value(now)), default=F("list_due_at")),
            confirm_until=Case(When(is_unproved, then=Value(now + confirm_link_lasts())), default=F("confirm_until")),
            status=Case(When(status=statuses.ON_HOLD, then=Value(statuses.WAITING)), default=F("status")),
        )
        AccessLog.objects.note(who=by, action=AccessLog.Action.CHANGED, records=unflagged, field_names=["flag_reason"])
        return len(unflagged)
