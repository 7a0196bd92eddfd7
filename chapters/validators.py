"""Validators that keep email addresses out of public text."""

import html
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from s4jr.content import markdown
from s4jr.form_fields.links import as_seen

#: An account name after a slash, as in https://social.example/@somebody, is not an address.
ADDRESS = re.compile(r"[^\s@<>()/]@[\w\[]|mailto:", re.IGNORECASE)


def refuse_addresses(text: str) -> None:
    """Raises ValidationError for an email address, also if it is written with entities or lookalike characters."""
    if ADDRESS.search(as_seen(html.unescape(text))):
        raise ValidationError(_("Leave out email addresses. People can write from this site without one."))


def refuse_addresses_in_markdown(text: str) -> None:
    """The same for Markdown: also in link targets, and in the text without markup."""
    made = markdown.render(text)
    for version in (text, made, strip_tags(made)):
        refuse_addresses(version)


def add_validators(field: Any, *validators: Callable[[str], None]) -> None:
    """Adds validators to a form field. It is `Any`, since the type stubs of Django allow no functions as validators."""
    field.validators.extend(validators)


def keep_addresses_out(form: BaseForm, plain: Iterable[str] = (), in_markdown: Iterable[str] = ()) -> None:
    """Adds the validators to these fields of a form, for a form whose fields come from a model."""
    for name in plain:
        add_validators(form.fields[name], refuse_addresses)
    for name in in_markdown:
        add_validators(form.fields[name], refuse_addresses_in_markdown)
