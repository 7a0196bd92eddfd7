"""Stopping letters. GET shows, POST acts: mail scanners press links, and only POST is meant."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from s4jr.mail.forms import UnsubscribeForm
from s4jr.mail.letters import read_unsubscribe_token


@csrf_exempt  # RFC 8058: mail programs POST here by themselves. The token is the proof; nothing else is believed.
def unsubscribe(request, token):
    meant = read_unsubscribe_token(token)
    if meant is None:
        raise Http404
    form = UnsubscribeForm(request.POST if request.method == "POST" else None, meant=meant)
    if not form.is_valid():
        return render(request, "mail/unsubscribe.html", {"form": form})
    return render(request, "mail/unsubscribed.html", {"stopped": form.stop_letters()})
