"""Data inventory of users (admins and representatives)."""

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
_when_removed = (_("Deleted when someone who is allowed to do so removes the account. You can ask any admin."),)

USER = DataInventory(
    subject=Subject.STAFF,
    title=_("Your account as an admin or representative"),
    purpose=_("So that only people we know can open what others have told us. Members have no account."),
    goes=_when_removed,
    fields={
        **together(
            "id username is_active is_staff is_superuser groups user_permissions",
            _theirs(
                _("The name you sign in with, and what you may do"),
                _("So that each person can do what they need to do."),
            ),
        ),
        "password": _hidden(
            _("A fingerprint of your password"),
            _("So that the site can check your password. We don’t keep the password itself."),
        ),
        "display_name": DataField(
            _("Your display name"),
            _(
                "So that anyone who writes about safety or conduct can say who shouldn’t read it, and admins see who "
                "is working on what."
            ),
            readers=(Reader.PUBLIC,),
            is_personal=True,
        ),
        "address": _theirs(
            _("Your email address, if you gave one"), _("So that we can tell you what’s waiting for you.")
        ),
        "new_address": _theirs(
            _("An email address you asked for and haven’t confirmed yet"),
            _("So that someone else’s address can’t become yours."),
        ),
        "email": DataField(
            _("Nothing: this field stays empty"), _("It comes with the software. Your address is kept elsewhere.")
        ),
        **together(
            "last_login date_joined",
            _theirs(
                _("When you started, and when you last signed in"),
                _("So that we notice an account no one needs anymore."),
            ),
        ),
    },
)

INVITATION = DataInventory(
    subject=Subject.STAFF,
    title=_("Links that invite you to sign in"),
    purpose=_("So that you can start, or fix a lost sign-in, without anyone sending a password."),
    goes=(_("Deleted within a day after it’s used or expires."),),
    fields={
        "token_hash": DataField(_("A fingerprint of the link"), _("So that the site recognizes it.")),
        **together(
            "id purpose user made_by created_at expires_at used_at canceled_at",
            _theirs(
                _("Who it’s for, what it’s for, who made it, and when it ends"),
                _("So that it works once and then ends."),
            ),
        ),
    },
)


SESSION = DataInventory(
    subject=Subject.STAFF,
    title=_("The fact that you’re signed in, or have “Your information” open"),
    purpose=_("So that you don’t have to prove it on every page."),
    goes=(
        _("Ended when you close the browser or select Exit. What a forgotten session held is deleted within two days."),
    ),
    fields={
        "session_key": _hidden(
            _("A random ID that your browser also holds"), _("So that the site recognizes your browser.")
        ),
        "session_data": _hidden(
            _("Who signed in, or whose information is open; for one hour, what an admin typed as their sign-in ended"),
            _("So that nothing you typed is lost. That text is encrypted."),
        ),
        **together(
            "user_pk member_pk",
            _hidden(
                _("Whose session it is, as a number"),
                _("So that all of a person’s sessions can be ended at the same time."),
            ),
        ),
        "expire_date": DataField(_("When it ends"), _("So that it ends on time.")),
    },
)
