"""Data inventory of emails and of the do-not-email list."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import (
    CAN_BE_ERASED,
    DataField,
    DataInventory,
    ErasureRule,
    Reader,
    RetentionException,
    RetentionRule,
    Subject,
    TimeLimit,
    by_moment,
    same,
    together,
)

SETTLED = ["sent", "canceled", "bounced", "returned"]
NEEDING_SOMEBODY = ["failed", "unknown"]

_hidden = partial(DataField, is_personal=True)

EMAIL = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Emails to you"),
    purpose=_("So that each email is sent, and sent only once."),
    goes=(
        _("Deleted as soon as the email is sent: address, subject and text."),
        RetentionRule(
            "EMAIL_DAYS",
            _("Deleted %(days)s after the email was written: its empty record."),
            by_moment("created_at", state__in=SETTLED),
        ),
        RetentionRule(
            "UNSENT_EMAIL_DAYS",
            _("Deleted %(days)s after it was written, if an email couldn’t be sent. Until then it waits for an admin."),
            by_moment("created_at", state__in=NEEDING_SOMEBODY),
        ),
        _("Deleted right away when you delete your information. An email that’s still waiting is never sent."),
        _(
            "Kept for its full time: the empty record of an email that anyone could have sent you by typing your "
            "address. It doesn’t name you."
        ),
    ),
    erasure_rules=(
        ErasureRule(
            of=CAN_BE_ERASED,
            what=_("Emails to you, including any not sent yet"),
            rows=same("about", "about"),
            is_counted=False,
        ),
        ErasureRule(
            of=("members.member",),
            what=_("The fingerprint of your address on the empty records of emails sent to it"),
            rows=same("to_index", "email_index"),
            stays=RetentionException(
                why=_("So that no one can fill an inbox by asking again and again. It names no one."),
                until=TimeLimit("EMAIL_DAYS", _("%(days)s after the email")),
                since="created_at",
            ),
            by_address=True,
        ),
    ),
    fields={
        **together(
            "to subject body in_reply_to",
            _hidden(_("Address, subject and text, until the email is sent"), _("So that we can send it.")),
        ),
        "to_index": _hidden(
            _("A fingerprint of the address"),
            _("So that no address gets too many emails, or any after someone there asked us to stop."),
        ),
        "limit_index": _hidden(
            _(
                "A fingerprint of the inbox, if the address can be spelled in several ways, such as with a "
                "plus sign (+)"
            ),
            _("So that no one can fill an inbox by typing its address in many spellings."),
        ),
        "return_token_hash": _hidden(
            _("A fingerprint of the random word in its return address"),
            _("So that we learn if the address doesn’t exist."),
            goes=_("Deleted 14 days after the email was sent, or when it comes back."),
        ),
        "about": _hidden(_("The number of the person it’s for"), _("So that it can be canceled before it’s sent.")),
        **together(
            "id kind batch language dedupe_key",
            DataField(
                _("What kind of email it is, its language, and an ID"),
                _("So that nothing is sent twice."),
                readers=(Reader.VOLUNTEERS,),
            ),
        ),
        **together(
            "state attempts claim lease_until next_attempt_at last_error created_at sent_at bounced_at not_after",
            DataField(
                _("Whether it was sent, and when"),
                _("So that someone sees what wasn’t sent."),
                readers=(Reader.VOLUNTEERS,),
            ),
        ),
    },
)

SUPPRESSION = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Addresses on the do-not-email list"),
    purpose=_("So that we don’t write to anyone who asked us to stop."),
    goes=(_("Kept until you, or an admin you ask, remove it from the list."),),
    erasure_rules=(
        ErasureRule(
            of=("members.member",),
            what=_("The fingerprint of your address on the do-not-email list"),
            rows=same("to_index", "email_index"),
            stays=RetentionException(
                why=_("So that the next person who types your address can’t make us write to you."),
                until=_("you, or an admin you ask, remove it from the list"),
            ),
            by_address=True,
        ),
    ),
    fields={
        "to_index": _hidden(
            _("A fingerprint of the address"), _("So that the site can recognize the address without keeping it.")
        ),
        **together(
            "id scope reason created_on",
            DataField(
                _("Which emails are stopped, why, and since when"),
                _("So that it can be removed from the list."),
                readers=(Reader.VOLUNTEERS,),
            ),
        ),
    },
)

HEARTBEAT = DataInventory(
    subject=Subject.NOBODY,
    title=_("Whether the site’s automatic tasks still run"),
    purpose=_("So that someone is told when emails stop going out."),
    goes=(_("Overwritten each time."),),
    fields=together("name at", DataField(_("What last ran, and when"), _("So that we can see what has stopped."))),
)

SENDING_PAUSE = DataInventory(
    subject=Subject.NOBODY,
    title=_("Why emails can’t be sent"),
    purpose=_("So that emails wait until we’ve fixed the problem, and admins know what to fix."),
    goes=(_("Overwritten by the next problem."),),
    fields=together(
        "id cause reply began_at tries next_try_at ended_at first_email",
        DataField(
            _("What the mail server refused, when, and when we try again"),
            _("So that one email tries again, and not all of them."),
            readers=(Reader.VOLUNTEERS,),
        ),
    ),
)
