"""Stopping letters. GET shows, POST acts: mail scanners press links, and only POST is meant."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from s4jr.mail.forms import UnsubscribeForm
from s4jr.mail.letters import unsubscribe_index
from s4jr.mail.models import Suppression


@csrf_exempt  # RFC 8058: mail programs POST here by themselves. The token is the proof; nothing else is believed.
def unsubscribe(request, token):
    to_index = unsubscribe_index(token)
    if to_index is None:
        raise Http404
    form = UnsubscribeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "mail/unsubscribe.html", {"form": form})
    reason = Suppression.Reason.NEVER if form.cleaned_data["never"] else Suppression.Reason.UNSUBSCRIBED
    Suppression.objects.silence(to_index, reason)
    return render(request, "mail/unsubscribed.html")
