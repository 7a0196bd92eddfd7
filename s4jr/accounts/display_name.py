"""The display name of a user. Only its owner sets it, and anyone who writes about safety or conduct sees it."""

import unicodedata
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.invitations import set_display_name
from s4jr.accounts.models import User
from s4jr.accounts.requests import signed_in_user
from s4jr.crypto.fields import readable
from s4jr.crypto.unreadable_text import is_unreadable
from s4jr.form_fields.links import as_seen
from s4jr.form_fields.names import NAME_RULES

JOINERS = "\u200c\u200d"  # part of the spelling of Persian and Indic names


class DisplayNameForm(forms.Form):
    display_name = forms.CharField(
        label=_("Your display name"),
        help_text=_("Use a name that tells people who have met you that it’s you. Leave it empty to be on no list."),
        required=False,
        max_length=60,
        validators=NAME_RULES,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_display_name(self) -> str:
        """Reject a name that reads like another user's, and drop characters that could disguise it."""
        typed = self.cleaned_data["display_name"]
        if is_unreadable(typed):
            return typed
        seen = "".join(c for c in typed if c in JOINERS or unicodedata.category(c) not in ("Cc", "Cf"))
        others = User.objects.exclude(pk=self.user.pk).only("display_name")
        if seen and _compared(seen) in {_compared(readable(other, "display_name")) for other in others}:
            raise forms.ValidationError(_("Someone else here already uses this name. Add something to yours."))
        return seen


def _compared(name):
    """A name as readers distinguish it: joiners are invisible."""
    return as_seen(name).casefold()


@login_required
def display_name(request: HttpRequest) -> HttpResponse:
    user = signed_in_user(request)
    if not user.is_staff:
        raise PermissionDenied
    form = DisplayNameForm(request.POST or None, user=user, initial={"display_name": user.display_name})
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/display_name.html", {"form": form})
    set_display_name(user, form.cleaned_data["display_name"])
    messages.success(request, gettext("Saved."))
    return redirect("account_display_name")
