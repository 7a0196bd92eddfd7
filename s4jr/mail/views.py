"""Unsubscribing. GET shows, POST acts: mail scanners follow links."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from s4jr.mail.emails import read_unsubscribe_token
from s4jr.mail.forms import UnsubscribeForm
from s4jr.mail.models import Suppression


@csrf_exempt  # RFC 8058: mail programs POST here on their own. The token is the only proof.
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    meant = read_unsubscribe_token(token)
    if meant is None:
        raise Http404
    form = UnsubscribeForm(request.POST if request.method == "POST" else None, meant=meant)
    if not form.is_valid():
        return render(request, "mail/unsubscribe.html", {"form": form})
    only_news = form.stop_emails().scope == Suppression.Scope.ANNOUNCEMENTS
    if "which" not in request.POST:  # a mail program, which must not be redirected (RFC 8058, 3.1)
        return _stopped_page(request, only_news)
    return redirect("unsubscribed_from_news" if only_news else "unsubscribed")


@require_safe
def unsubscribed(request: HttpRequest) -> HttpResponse:
    return _stopped_page(request, only_news=False)


@require_safe
def unsubscribed_from_news(request: HttpRequest) -> HttpResponse:
    return _stopped_page(request, only_news=True)


def _stopped_page(request, only_news):
    return render(request, "mail/unsubscribed.html", {"only_news": only_news})
