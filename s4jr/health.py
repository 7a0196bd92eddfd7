"""Health checks for load balancers and operators. They reveal nothing about any person."""

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from s4jr.mail.health import mail_health
from s4jr.mail.task_health import late_tasks

FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded")


def process(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is checked."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """Database, emails, beat and tasks: 200 if all are well, else 503 naming which are not. Behind a proxy: 404.

    While sending is paused, "sending_paused" is the cause (`SendingPause.Cause`; docs/email.md).
    """
    came_by_proxy = any(name in request.headers for name in FORWARDED)
    if came_by_proxy or request.META.get("REMOTE_ADDR") not in settings.HEALTH_FROM:
        raise Http404
    answers = _answers()
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def _answers():
    try:
        health, late = mail_health(), late_tasks()
    except DatabaseError:
        return {"database": False, "emails": False, "beat": False, "tasks": False}
    answers = {"database": True, "emails": health.leaves, "beat": health.beats, "tasks": not late}
    return answers | ({"sending_paused": health.pause} if health.pause else {})
