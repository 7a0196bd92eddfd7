"""What is kept of admins and representatives who sign in."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import (
    DataField,
    DataInventory,
    Reader,
    Subject,
    together,
)

_theirs = partial(DataField, is_personal=True, readers=(Reader.YOU, Reader.VOLUNTEERS))
_hidden = partial(DataField, is_personal=True)
_when_removed = (_("When somebody with the right to do so removes the account; ask any admin."),)

USER = DataInventory(
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
        "display_name": DataField(
            _("The name others know you by"),
            _("So that whoever writes about safety or conduct can say who should not read it."),
            readers=(Reader.PUBLIC,),
            is_personal=True,
        ),
        "address": _theirs(_("Your e-mail address, if you gave one"), _("So that we can tell you what waits.")),
        "new_address": _theirs(
            _("An e-mail address you asked for and have not confirmed yet"), _("So that nobody else’s becomes yours.")
        ),
        "email": DataField(
            _("Nothing: a column that stays empty"), _("The software brings it; your address is elsewhere.")
        ),
        **together(
            "last_login date_joined",
            _theirs(_("When you began, and last signed in"), _("Shows an account that nobody needs any more.")),
        ),
    },
)

INVITATION = DataInventory(
    subject=Subject.STAFF,
    title=_("Links that invite you to sign in"),
    purpose=_("To begin, or to mend a lost sign-in, without sending a password."),
    goes=(_("Within a day once it was used or has run out."),),
    fields={
        "token_hash": DataField(_("A fingerprint of the link"), _("Knows it again.")),
        **together(
            "id purpose user made_by created_at expires_at used_at",
            _theirs(_("For whom and what, by whom, and until when"), _("So that it works once and ends.")),
        ),
    },
)


SESSION = DataInventory(
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
        "expire_date": DataField(_("When it ends"), _("So that it ends.")),
    },
)
