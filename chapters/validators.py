"""Whether an e-mail address would become public: nobody's ever does through words that people write here."""

import html
import re

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from s4jr.content import markdown
from s4jr.form_fields.links import as_seen

#: The name of an account after a slash, as in https://social.example/@somebody, is no address.
ADDRESS = re.compile(r"[^\s@<>()/]@[\w\[]|mailto:", re.IGNORECASE)


def refuse_addresses(text):
    """Raise ValidationError where a reader would find an e-mail address, however its signs are written."""
    if ADDRESS.search(as_seen(html.unescape(text))):
        raise ValidationError(_("Leave out email addresses. People can write from this site without one."))


def refuse_addresses_in_markdown(text):
    """The same for Markdown: also what its links lead to, and what reads as an address once its marks are gone."""
    made = markdown.render(text)
    for version in (text, made, strip_tags(made)):
        refuse_addresses(version)


def keep_addresses_out(form, plain=(), in_markdown=()):
    """Let these fields of a form refuse them: for a form whose fields come from a model."""
    for name in plain:
        form.fields[name].validators.append(refuse_addresses)
    for name in in_markdown:
        form.fields[name].validators.append(refuse_addresses_in_markdown)
