"""Ending every session of somebody, wherever they are signed in."""

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session


def end_sessions_of(*users):
    """End each session of `users`, also one that still waits for the second factor; returns how many there were."""
    whole, half_way = {str(user.pk) for user in users}, {user_pk_to_url_str(user) for user in users}

    def is_theirs(data):
        return data.get(SESSION_KEY) in whole or (data.get(LOGIN_SESSION_KEY) or {}).get("user_pk") in half_way

    theirs = [session.pk for session in Session.objects.iterator() if is_theirs(session.get_decoded())]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)
