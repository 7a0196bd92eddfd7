"""What is kept of emails and of addresses that get none."""

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

SETTLED = ["sent", "canceled", "bounced"]
NEEDING_SOMEBODY = ["failed", "unknown"]

_hidden = partial(DataField, is_personal=True)

EMAIL = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Letters to you"),
    purpose=_("So that a letter surely leaves, and leaves once."),
    goes=(
        _("Address, subject and words: as soon as the letter has left."),
        RetentionRule(
            "EMAIL_DAYS",
            _("The empty mark of it: %(days)s after it was written."),
            by_moment("created_at", state__in=SETTLED),
        ),
        RetentionRule(
            "UNSENT_EMAIL_DAYS",
            _("A letter that could not be sent waits for an admin, and goes %(days)s after it was written."),
            by_moment("created_at", state__in=NEEDING_SOMEBODY),
        ),
        _("Right away when you delete your information; one that waits never leaves."),
        _("If anyone could have caused an email to you, its empty mark stays for its time. It doesn't name you."),
    ),
    erasure_rules=(
        ErasureRule(
            of=CAN_BE_ERASED,
            what=_("Letters to you, also those that had not left yet"),
            rows=same("about", "about"),
            is_counted=False,
            leaves_marks=True,
        ),
        ErasureRule(
            of=("members.member",),
            what=_("The fingerprint of your address on the empty marks of emails that went to it"),
            rows=same("to_index", "email_index"),
            stays=RetentionException(
                why=_("So that nobody can have a mailbox filled by asking again and again. It names nobody."),
                until=TimeLimit("EMAIL_DAYS", _("%(days)s after the letter")),
                since="created_at",
            ),
            by_address=True,
        ),
    ),
    fields={
        **together("to subject body", _hidden(_("Address, subject and words, until it has left"), _("To send it."))),
        "to_index": _hidden(
            _("A fingerprint of the address"), _("So that no address gets too many letters, or any after it said stop.")
        ),
        "limit_index": _hidden(
            _("A fingerprint of the inbox, where the address is one of several spellings of it, as with a + part"),
            _("So that no one can fill an inbox by typing its address in many spellings."),
        ),
        "about": _hidden(_("The number of the person it is to"), _("So that it can be called back.")),
        **together(
            "id kind batch language dedupe_key",
            DataField(
                _("What kind of letter it is, its language, and a mark"),
                _("So that nothing is sent twice."),
                readers=(Reader.VOLUNTEERS,),
            ),
        ),
        **together(
            "state attempts claim lease_until next_attempt_at last_error created_at sent_at",
            DataField(
                _("Whether and when it left"), _("So that somebody sees what did not."), readers=(Reader.VOLUNTEERS,)
            ),
        ),
    },
)

SUPPRESSION = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Addresses we must not write to"),
    purpose=_("So that nobody is written to who said stop."),
    goes=(_("It stays until you, or an admin you ask, lift it."),),
    erasure_rules=(
        ErasureRule(
            of=("members.member",),
            what=_("The fingerprint of your address among those we must not write to"),
            rows=same("to_index", "email_index"),
            stays=RetentionException(
                why=_("Without it, the next person who types your address could make us write to you."),
                until=_("until you, or an admin you ask, lift it"),
            ),
            by_address=True,
        ),
    ),
    fields={
        "to_index": _hidden(_("A fingerprint of the address"), _("Knows the address without keeping it.")),
        **together(
            "id scope reason created_on",
            DataField(
                _("Which letters are stopped, why, and since when"),
                _("So that it can be lifted."),
                readers=(Reader.VOLUNTEERS,),
            ),
        ),
    },
)

HEARTBEAT = DataInventory(
    subject=Subject.NOBODY,
    title=_("Whether the site still does by itself what it should"),
    purpose=_("So that somebody is told when letters no longer leave."),
    goes=(_("It is overwritten each time."),),
    fields=together("name at", DataField(_("What last ran, and when"), _("Shows what has stopped."))),
)
