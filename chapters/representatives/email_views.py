"""Pages where a representative or an admin sees and changes their own email address."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from chapters.representatives import email_address
from chapters.representatives.permissions import for_representatives, terms_of
from chapters.representatives.reachability import own_email
from s4jr.form_fields.email import EmailAddressField
from s4jr.security.ratelimit import limited

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest


class AddressForm(forms.Form):
    use_required_attribute = False

    address = EmailAddressField(
        label=_("New email address"),
        help_text=_("We send a link there. Your address changes when you open the link and confirm."),
        error_messages={"required": _("Enter your email address.")},
    )


@for_representatives
def email(request: "SignedInRequest") -> HttpResponse:
    _need(terms_of(request.user).exists())
    return _email(request)


@for_representatives
def admin_email(request: "SignedInRequest") -> HttpResponse:
    """The same for an admin, outside the representative pages, which require a term."""
    _need(request.user.is_staff)
    return _email(request)


def _email(request: "SignedInRequest") -> HttpResponse:
    if request.method != "POST":
        return _page(request, AddressForm())
    if request.POST.get("action") == "again":
        return _ask_again(request)
    form = AddressForm(request.POST)
    return _change(request, form.cleaned_data["address"]) if form.is_valid() else _page(request, form)


def _need(may_see: bool) -> None:
    if not may_see:
        raise Http404


def _page(request: "SignedInRequest", form: AddressForm) -> HttpResponse:
    seen = {"form": form, "email": own_email(request.user)}
    return render(request, "chapters/representatives/email.html", seen)


@limited("representative address", "10/d")
def _change(request: "SignedInRequest", address: str) -> HttpResponse:
    email_address.ask_for_address(request.user, address, get_language())
    return _sent(request)


@limited("representative address", "10/d")
def _ask_again(request: "SignedInRequest") -> HttpResponse:
    if request.user.address:
        email_address.ask_for_emails_again(request.user, get_language())
    return _sent(request)


def _sent(request: "SignedInRequest") -> HttpResponse:
    said = gettext("If that address can get emails from us, a link is on its way. Open it and confirm.")
    messages.success(request, said)
    return redirect(email_address.page_of(request.user))


@for_representatives
def confirm(request: "SignedInRequest", token: str) -> HttpResponse:
    _need(terms_of(request.user).exists())
    return _confirm(request, token)


@for_representatives
def admin_confirm(request: "SignedInRequest", token: str) -> HttpResponse:
    _need(request.user.is_staff)
    return _confirm(request, token)


def _confirm(request: "SignedInRequest", token: str) -> HttpResponse:
    """GET shows the page, POST confirms, because mail scanners open links."""
    page = email_address.page_of(request.user)
    if request.method == "POST":
        if email_address.confirm(request.user, token):
            messages.success(request, gettext("Confirmed. Our emails to you go to this address."))
        else:
            messages.warning(request, gettext("This link no longer works. Ask for a new one here."))
        return redirect(page)
    seen = {"is_working": email_address.is_working(request.user, token), "page": page}
    return render(request, "chapters/representatives/email_confirm.html", seen)
