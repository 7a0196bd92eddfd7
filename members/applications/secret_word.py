"""Choosing a secret word right after joining, for whoever said that somebody may see their mailbox.

The proof is the mark of the form that this browser sent within the last half hour: nobody else holds it.
"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from members.models import Member
from members.self_service.forms import NewWordForm
from members.self_service.secret_word import word_hash
from members.submission_tokens import JOIN_FORM


def application_without_word(request):
    """A QuerySet of the application this browser sent, if it asks for discretion and has no word yet; or of none."""
    token = JOIN_FORM.sent_last(request).token
    sent = Member.objects.filter(form_token=token) if token else Member.objects.none()
    return sent.filter(contact=Member.Contact.DISCREET, word_hash="")


def choose_word(request):
    """Set the secret word, once."""
    sent = application_without_word(request)
    if not sent.exists():
        return redirect("received")
    form = NewWordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "members/choose_word.html", {"form": form})
    sent.set_word(word_hash(form.cleaned_data["word"]))
    messages.success(request, _("Your secret word is set."))
    return redirect("received")
