"""Choosing a secret word right after applying, for people who asked for discreet emails or none.

Someone who is never emailed gets no link: later they can read what they wrote only with the code and a secret word.

The proof is the token of the form that this browser sent within the last half hour: no one else has it.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from members.models import Member
from members.querysets import MemberQuerySet
from members.self_service.forms import NewWordForm
from members.self_service.secret_word import set_word, word_hash
from members.submission_tokens import JOIN_FORM

#: Someone else may open the inbox of the first group; the second has only the code.
OFFERED_TO = [Member.Contact.DISCREET, Member.Contact.NONE]


def application_without_word(request: HttpRequest) -> MemberQuerySet:
    """The application that this browser sent, if it may have a secret word and has none yet; at most one row."""
    token = JOIN_FORM.sent_last(request).token
    sent = Member.objects.filter(form_token=token) if token else Member.objects.none()
    return sent.filter(contact__in=OFFERED_TO, word_hash="")


def choose_word(request: HttpRequest) -> HttpResponse:
    """Set the secret word, once."""
    sent = application_without_word(request)
    member = sent.only("contact").first()
    if member is None:
        return redirect("received")
    form = NewWordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        seen = {"form": form, "is_never_emailed": member.contact == Member.Contact.NONE}
        return render(request, "members/choose_word.html", seen)
    set_word(sent, word_hash(form.cleaned_data["word"]))
    messages.success(request, _("Your secret word is set."))
    return redirect("received")
