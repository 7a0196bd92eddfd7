"""Sessions that know whose they are, so that ending all of somebody's is one statement by index.

`SESSION_ENGINE` names this module: Django's own store in the database, with two columns beside the data.
"""

from allauth.account.utils import url_str_to_user_pk
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from s4jr.accounts.allauth_internals import LOGIN_SESSION_KEY

#: Under this key a session notes the primary key of the member whose information it has open.
MEMBER_KEY = "member"


class SessionStore(DatabaseSessionStore):
    """Django's store, over the model that has a column for each kind of owner."""

    @classmethod
    def get_model_class(cls):
        return apps.get_model("accounts", "Session")

    def save(self, must_create=False):
        """Django takes any failure for a session that was deleted, a 400. What the database itself refused is no such.

        Its own errors have a cause; Django's "no row was updated" has none.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if cause := error.__context__.__cause__:
                raise error.__context__ from cause
            raise

    def create_model_instance(self, data):
        session = super().create_model_instance(data)
        session.user_pk, session.member_pk = _user_in(data), data.get(MEMBER_KEY)
        return session


def _user_in(data):
    """The primary key of whoever is signed in, or has given a password and not yet the second step; else None."""
    if SESSION_KEY in data:
        return int(data[SESSION_KEY])
    half_way = (data.get(LOGIN_SESSION_KEY) or {}).get("user_pk")
    return url_str_to_user_pk(half_way) if half_way else None


def end_sessions_of(*users):
    """End each session of `users`, also one that still waits for the second factor; returns how many there were."""
    return SessionStore.get_model_class().objects.filter(user_pk__in=[user.pk for user in users]).delete()[0]


def end_sessions_of_member(member_pk: int, *, but: str | None) -> int:
    """End each session that has this member's information open, but the one with the key `but`; returns how many."""
    theirs = SessionStore.get_model_class().objects.filter(member_pk=member_pk)
    return theirs.exclude(session_key=but).delete()[0]
