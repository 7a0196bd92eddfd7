"""What is kept of who signs in and of what they did, and what is left of those who went."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from s4jr.privacy.data_dictionary import (
    CAN_BE_ERASED,
    After,
    Age,
    DataDictionary,
    Kept,
    Reader,
    Stays,
    Subject,
    Trace,
    by_day,
    same_record,
    same_tombstone,
    together,
)

_theirs = partial(Kept, is_personal=True, readers=(Reader.YOU, Reader.VOLUNTEERS))
_hidden = partial(Kept, is_personal=True)
_when_removed = (_("When somebody with the right to do so removes the account; ask any admin."),)

USER = DataDictionary(
    subject=Subject.STAFF,
    title=_("Your account as an admin or a representative"),
    purpose=_("So that only people we know open what others have told us. Members have no account."),
    goes=_when_removed,
    fields={
        **together(
            "id username is_active is_staff is_superuser groups user_permissions",
            _theirs(_("The name you sign in with, and what you may do"), _("So that each may do what they need.")),
        ),
        "password": _hidden(_("A fingerprint of your password"), _("Checks it. The password itself is not kept.")),
        "known_as": Kept(
            _("The name others know you by"),
            _("So that whoever writes about safety or conduct can say who should not read it."),
            readers=(Reader.PUBLIC,),
            is_personal=True,
        ),
        "address": _theirs(_("Your e-mail address, if you gave one"), _("So that we can tell you what waits.")),
        "new_address": _theirs(
            _("An e-mail address you asked for and have not confirmed yet"), _("So that nobody else’s becomes yours.")
        ),
        "email": Kept(_("Nothing: a column that stays empty"), _("The software brings it; your address is elsewhere.")),
        **together(
            "last_login date_joined",
            _theirs(_("When you began, and last signed in"), _("Shows an account that nobody needs any more.")),
        ),
    },
)

INVITATION = DataDictionary(
    subject=Subject.STAFF,
    title=_("Links that invite you to sign in"),
    purpose=_("To begin, or to mend a lost sign-in, without sending a password."),
    goes=(_("Within a day once it was used or has run out."),),
    fields={
        "token_hash": Kept(_("A fingerprint of the link"), _("Knows it again.")),
        **together(
            "id purpose user made_by created_at expires_at used_at",
            _theirs(_("For whom and what, by whom, and until when"), _("So that it works once and ends.")),
        ),
    },
)

TOMBSTONE = DataDictionary(
    subject=Subject.MEMBERS,
    title=_("A number and a day for each who is gone"),
    purpose=_("If a backup is ever restored, these numbers are erased from it again."),
    goes=(Age("TOMBSTONE_DAYS", _("%(days)s after the erasing: no backup is as old."), by_day("erased_on")),),
    traces=(
        Trace(
            of=CAN_BE_ERASED,
            what=_("Your number and the day"),
            rows=same_tombstone("number"),
            stays=Stays(
                why=_("Should a backup be restored, it says who must be erased from it again."),
                until=After("TOMBSTONE_DAYS", _("%(days)s after the erasing")),
                since="erased_on",
            ),
        ),
    ),
    fields={
        **together(
            "id number",
            Kept(_("A number that names nobody any more"), _("Is erased again after a restore."), is_personal=True),
        ),
        "erased_on": Kept(_("The day"), _("So that it goes itself.")),
    },
)

ACCESS_LOG = DataDictionary(
    subject=Subject.MEMBERS,
    title=_("Who opened or changed what"),
    purpose=_("So that an admin who looks where they should not can be found."),
    goes=(After("ACCESS_LOG_DAYS", _("%(days)s after it was written, a whole day at a time.")),),
    traces=(
        Trace(
            of=CAN_BE_ERASED,
            what=_("Your number in the list of who opened or changed what, with the reason they gave"),
            rows=same_record("object_kind", "object_id"),
            stays=Stays(
                why=_("If somebody misused what you told us, this is how it is found. What you told us is not in it."),
                until=After("ACCESS_LOG_DAYS", _("%(days)s after each entry")),
                since="at",
            ),
        ),
    ),
    fields={
        **together(
            "who user_id at action budget",
            Kept(
                _("Which admin, when, and what they did"),
                _("So that each answers for what they do."),
                readers=(Reader.VOLUNTEERS,),
            ),
        ),
        **together(
            "object_kind object_id",
            Kept(
                _("The number of the person it was about"),
                _("So that you can ask who opened your details."),
                readers=(Reader.VOLUNTEERS,),
                is_personal=True,
            ),
        ),
        "field_names": Kept(
            _("Names of the boxes that were opened, such as “message”. Never what was in them"),
            _("Shows how much was seen."),
            readers=(Reader.VOLUNTEERS,),
        ),
        "reason": Kept(
            _("The reason the admin gave"),
            _("So that others can judge it."),
            readers=(Reader.VOLUNTEERS,),
            is_personal=True,
        ),
        **together("id uuid hmac", Kept(_("A checksum"), _("Shows if somebody changed the list afterwards."))),
    },
)

CHECKPOINT = DataDictionary(
    subject=Subject.NOBODY,
    title=_("Checksums of who opened what, one for each day"),
    purpose=_("Shows if somebody changed that list afterwards."),
    goes=(_("It stays: it holds numbers of lines and checksums."),),
    fields=together(
        "id day first last count hmac dropped_hmac",
        Kept(
            _("The day, how many lines it had, and checksums"),
            _("Shows if a line is missing."),
            readers=(Reader.VOLUNTEERS,),
        ),
    ),
)

RATE_LIMIT = DataDictionary(
    subject=Subject.NOBODY,
    title=_("How often something was tried"),
    purpose=_("So that no one can guess codes or passwords, or flood the site."),
    goes=(_("Within an hour after its time is over, at most two days."),),
    fields=together(
        "id name key period count expires_at",
        Kept(
            _("What was tried, how often, and a fingerprint of the connection it came from"),
            _("Counts without knowing who. The connection’s address itself is not kept."),
        ),
    ),
)

SESSION = DataDictionary(
    subject=Subject.STAFF,
    title=_("That you are signed in, or have your details open"),
    purpose=_("So that you need not prove it on every page."),
    goes=(_("When you close the browser or press Exit; what a forgotten one held, within two days."),),
    fields={
        "session_key": _hidden(_("A random mark that your browser also holds"), _("Knows your browser again.")),
        "session_data": _hidden(
            _("Who signed in, or whose details are open; for an hour, what an admin typed as their sign-in ended"),
            _("So that nothing typed is lost. Those words are locked."),
        ),
        **together(
            "user_pk member_pk",
            _hidden(_("Whose session it is, by a number"), _("So that all of them can be ended at once.")),
        ),
        "expire_date": Kept(_("When it ends"), _("So that it ends.")),
    },
)
