"""What the admin says after a change of a user: whom it was about, what follows, and how to undo it."""

from collections.abc import Collection

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.models import User
from s4jr.accounts.services import ROLE_FIELDS

CHANGED_MEANWHILE = _(
    "Nothing was saved: another admin changed this user after you opened the page. This is how it is now. "
    "Make your change again if it’s still needed."
)


def change_message(user: User, changed: Collection[str], *, role_before: str) -> str:
    """`changed` holds the names of the fields that differ, `role_before` the earlier role in words."""
    if ROLE_FIELDS & set(changed):
        return _role_message(user.username, role_before)
    if "is_active" in changed:
        return _access_message(user)
    if "address" in changed:
        text = gettext("Saved the email address of %(name)s. No email was sent. To undo this, enter the earlier one.")
        return text % {"name": user.username}
    return gettext("Nothing changed for %(name)s.") % {"name": user.username}


def _role_message(username, role_before):
    text = gettext(
        "Saved the new role of %(name)s, who is signed out now. No email was sent. "
        "To undo this, open their name and choose the earlier role again: %(role)s."
    )
    return text % {"name": username, "role": role_before}


def _access_message(user):
    if user.is_active:
        text = gettext("%(name)s can sign in again. No email was sent. To undo this, clear “Can sign in.”")
    else:
        text = gettext(
            "%(name)s can’t sign in anymore and is signed out now. No email was sent. "
            "To undo this, open their name and check “Can sign in.”"
        )
    return text % {"name": user.username}


def canceled_message(user: User) -> str:
    if user.last_login:
        text = gettext(
            "The link for %(name)s is canceled and no longer works. No email was sent. "
            "To undo this, open their name and select “Recover a lost sign-in.”"
        )
    else:
        text = gettext(
            "The invitation for %(name)s is canceled and its link no longer works. No email was sent. "
            "To undo this, select “New link” next to their name."
        )
    return text % {"name": user.username}


def not_canceled_message(user: User) -> str:
    text = gettext(
        "Nothing was canceled: %(name)s has no open invitation anymore. The list shows what happened. "
        "To keep someone out, open their name and clear “Can sign in.”"
    )
    return text % {"name": user.username}


def no_link_message(user: User) -> str:
    text = gettext(
        "No link was created: %(name)s has signed in before, or may not sign in. "
        "If they lost their sign-in, open their name and select “Recover a lost sign-in.”"
    )
    return text % {"name": user.username}


def delete_message(username: str) -> str:
    text = gettext(
        "Deleted the user %(name)s, who can’t sign in anymore. No email was sent. "
        "This can’t be undone. You can invite them again."
    )
    return text % {"name": username}
