"""Forms for a topic of a member, and for a representative's question about one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chapters.validators import add_validators, refuse_addresses
from members.models import Skill
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.names import NAME_RULES
from s4jr.form_fields.one_line import OneLineField

TOPIC_AT_MOST = 120
MESSAGE_AT_MOST = 500


def refuse_contact_details(text: str) -> None:
    """Raise ValidationError if the text holds an email address, a link or a phone number."""
    try:
        for refuse in (refuse_addresses, *NAME_RULES):
            refuse(text)
    except ValidationError:
        raise ValidationError(
            _("Leave out email addresses, links and phone numbers. Put a space after each period.")
        ) from None


class SkillForm(forms.Form):
    """A new topic. Sharing it is a step of its own."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What do you want to add?"),
        choices=Skill.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    topic = OneLineField(
        label=_("Topic"),
        help_text=_("A few words, such as “bread baking.” Leave out your name, and anything that shows who you are."),
        max_length=TOPIC_AT_MOST,
        error_messages={"required": _("Enter a topic.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_validators(self.fields["topic"], refuse_contact_details)


class QuestionForm(forms.Form):
    """A short message to someone whose name the representative does not know."""

    use_required_attribute = False

    message = LongTextField(
        label=_("Your message"),
        help_text=_("Say what you have in mind. Ask something that a yes or a “no thanks” can answer."),
        rows=5,
        max_length=MESSAGE_AT_MOST,
        error_messages={"required": _("Enter a message.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_validators(self.fields["message"], refuse_contact_details)
