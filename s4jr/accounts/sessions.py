"""Sessions that store their owner, so that all sessions of one user can be ended by one indexed statement.

`SESSION_ENGINE` names this module: Django's database store with two more columns.
"""

from typing import Any

from allauth.account.utils import url_str_to_user_pk
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from s4jr.accounts.allauth_internals import LOGIN_SESSION_KEY

#: Session key for the primary key of the member whose information is open.
MEMBER_KEY = "member"


class SessionStore(DatabaseSessionStore):
    """Django's store, over the model with a column for each kind of owner."""

    @classmethod
    def get_model_class(cls) -> type[Any]:
        return apps.get_model("accounts", "Session")

    def save(self, must_create: bool = False) -> None:
        """Let database errors through: Django takes every failure for a deleted session and answers 400.

        The database's own errors have a cause; Django's "no row was updated" has none.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            database_error = error.__context__
            if database_error and (cause := database_error.__cause__):
                raise database_error from cause
            raise

    def create_model_instance(self, data: Any) -> Any:
        session: Any = super().create_model_instance(data)
        session.user_pk, session.member_pk = _user_in(data), data.get(MEMBER_KEY)
        return session


def _user_in(data):
    """The primary key of the user who is signed in, or who has only the second step left; else None."""
    if SESSION_KEY in data:
        return int(data[SESSION_KEY])
    half_way = (data.get(LOGIN_SESSION_KEY) or {}).get("user_pk")
    return url_str_to_user_pk(half_way) if half_way else None


def end_sessions_of(*users: AbstractBaseUser) -> int:
    """End every session of `users`, including those that wait for the second factor; returns how many."""
    return SessionStore.get_model_class().objects.filter(user_pk__in=[user.pk for user in users]).delete()[0]


def end_sessions_of_member(member_pk: int, *, but: str | None) -> int:
    """End every session that has this member's information open, except the one with key `but`; returns how many."""
    theirs = SessionStore.get_model_class().objects.filter(member_pk=member_pk)
    return theirs.exclude(session_key=but).delete()[0]
