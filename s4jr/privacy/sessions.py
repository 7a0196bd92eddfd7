"""Ending every session of one person, wherever they are signed in."""

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session


def end_sessions_of(user):
    """End each session of `user`, also one that still waits for the second factor; returns how many there were."""
    theirs = [session.pk for session in Session.objects.iterator() if _belongs_to(user, session.get_decoded())]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)


def _belongs_to(user, data):
    signed_in = data.get(SESSION_KEY) == str(user.pk)
    half_way = (data.get(LOGIN_SESSION_KEY) or {}).get("user_pk") == user_pk_to_url_str(user)
    return signed_in or half_way
