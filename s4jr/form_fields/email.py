"""The form field for an email address, the same in all forms of the site. `s4jr.email_rules` decides what it takes."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from s4jr.email_address import one_spelling
from s4jr.email_rules import UnusableAddress, usable_address
from s4jr.form_fields.email_suggestion import suggest_email

#: Suffixes of the names of two more inputs: the address that the page asked about, and the box that takes the offer.
ASKED, TAKE = "_asked", "_take"


class EmailAddressInput(forms.EmailInput):
    """An input that may offer another address, for a typo in the domain. `offer` is the address offered for `asked`."""

    offer, asked = "", ""
    #: The address that the submitted page asked about.
    was_asked = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was typed; what the page offered instead, if its box is checked and the address is still the same."""
        typed, self.was_asked = super().value_from_datadict(data, files, name), data.get(f"{name}{ASKED}") or ""
        if not typed or not self.was_asked or not data.get(f"{name}{TAKE}"):
            return typed
        is_same = one_spelling(typed) == one_spelling(self.was_asked)
        return (suggest_email(self.was_asked) if is_same else "") or typed

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, attrs, renderer)
        if not self.offer:
            return box
        seen = {"box": box, "offer": self.offer, "asked": self.asked, "id": (attrs or {}).get("id", name)}
        return render_to_string(
            "forms/email_input.html", {**seen, "asked_name": name + ASKED, "take_name": name + TAKE}
        )


class EmailAddressField(forms.EmailField):
    """Cleans to the address as people read it, its domain in its own script; "" for no input.

    Any other text is an error that names what is wrong, and stays in the input. With `suggests`, so does a likely typo
    in the domain, once: the same address is taken when it is sent again. `is_unread` takes no address at all, for
    someone who chose never to be emailed.
    """

    widget: Any = EmailAddressInput  # an instance in each form
    default_validators: ClassVar[list[Any]] = []
    is_unread = False
    default_error_messages = {
        "required": _("Enter an email address."),
        "suggestion": _(
            "Did you mean %(named)s? If so, check the box. If the address is right as it is, send this again."
        ),
        "missing_at": _("There is no @ in the address. An address looks like name@example.com."),
        "missing_name": _("There is nothing before the @. Enter the whole address, such as name@example.com."),
        "missing_domain": _("There is nothing after the @. Enter the whole address, such as name@example.com."),
        "missing_period": _("There is no period after the @. Enter the whole address, such as name@example.com."),
        "several": _("There is more than one address here. Enter only one."),
        "several_at": _("There is more than one @ in the address. Take out what doesn’t belong."),
        "space": _("There is a space in the address. Take it out."),
        "unseen": _("There is a character in the address that doesn’t show. Type the address again."),
        "mixed": _("The “%(named)s” comes from another alphabet, even if it looks right. Type the address again."),
        "letter_before": _(
            "The part before the @ has “%(named)s” in it. Many mail servers can’t deliver to it, so our email could "
            "get lost. Enter an address without accents or signs of other alphabets."
        ),
        "character_before": _("We can’t send email to an address with “%(named)s” before the @. Check it for typos."),
        "character_after": _("An address can’t have “%(named)s” after the @. Check it for typos."),
        "two_periods": _("There are two periods in a row in the address. Take one out."),
        "period_before": _("The part before the @ begins or ends with a period. Take it out."),
        "period_after": _("There is a period right after the @. Take it out."),
        "hyphen": _("There is a hyphen in the wrong place after the @. Check the address for typos."),
        "number": _("There are only numbers after the @. Enter an address that ends like name@example.com."),
        "ending": _("The ending “.%(named)s” doesn’t exist. Check it for typos."),
        "unreachable": _("An address with the ending “%(named)s” can’t get email from us. Enter another one."),
        "domain": _("“%(named)s” can’t be the part after the @. Check it for typos."),
        "too_long": _("The address is too long for mail servers. Check it for typos, or enter another one."),
        "too_long_before": _("The part before the @ is longer than 64 characters. Check it for typos."),
        "too_long_after": _("The part after the @ is too long for mail servers. Check it for typos."),
    }

    def __init__(self, *, suggests: bool = True, **kwargs: Any) -> None:
        super().__init__(**{"max_length": None, **kwargs})
        self.suggests = suggests

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Nothing is remembered, capitalized or corrected by the browser."""
        return {"autocomplete": "off", "inputmode": "email", "spellcheck": "false", **super().widget_attrs(widget)}

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if self.is_unread or not text:
            return ""
        try:
            return usable_address(text)
        except UnusableAddress as error:
            code, named = error.problem
            raise ValidationError(self.error_messages[code], code, {"named": named}) from None

    def clean(self, value: Any) -> Any:
        address = super().clean(value)
        if self.suggests and address and one_spelling(address) != one_spelling(self.widget.was_asked):
            self._offer_another(address)
        return address

    def _offer_another(self, address: str) -> None:
        if offer := suggest_email(address):
            self.widget.offer, self.widget.asked = offer, address
            raise ValidationError(self.error_messages["suggestion"], "suggestion", {"named": offer})
