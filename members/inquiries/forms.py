"""The forms of /contact/: the topic, the message, and the code to read the answer."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from chapters.public_form import PublicForm
from members.applications.name_field import NameField
from members.inquiries.permissions import names_on_the_list, readers_chosen, topics_read
from members.inquiries.services import InquirySubmission
from members.models import Inquiry
from members.submission_tokens import INQUIRY_FORM
from s4jr.conversations.forms import Act, CodeForm, NextMessageForm
from s4jr.days import westernmost_today
from s4jr.form_fields.carried_over import typed_so_far
from s4jr.form_fields.long_text import LongTextField

Topic = Inquiry.Topic


class NamesField(forms.MultipleChoiceField):
    """Names from a list that may have changed since the page was rendered. A removed name is no error."""

    def valid_value(self, value: Any) -> bool:
        return True


class Step(models.TextChoices):
    """The button of /contact/ that was selected."""

    TOPIC = "topic"
    CHANGE = "change"
    SEND = "send"


class TopicForm(forms.Form):
    """Offers the topics that at least one volunteer can read now."""

    use_required_attribute = False

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        help_text=_("This decides who reads your message."),
        choices=Topic.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("No one can read messages about this right now. Choose another topic."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [(topic.value, topic.label) for topic in topics_read()]


class InquiryForm(PublicForm):
    """A message about one topic. For safety or conduct, the sender chooses who must not read it."""

    kind = INQUIRY_FORM
    counted_as = "inquiries"
    limits_one_address = False  # a person writes every email about an inquiry
    asked = ("topic", "chapter", "not_for", "words", "contact", "email", "name", "deadline")

    topic = forms.ChoiceField(choices=Topic.choices, widget=forms.HiddenInput)
    chapter = forms.ModelChoiceField(
        Chapter.objects.none(), label=_("Which chapter?"), required=False, empty_label=_("Not selected")
    )
    not_for = NamesField(
        label=_("Who should not read this?"),
        help_text=_(
            "These are all the people who could read it. Anyone you check doesn’t see it, or know that "
            "it exists. Anyone who joins the list later doesn’t see it either."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    #: The template renders it from the names on this page, not from the submitted data.
    shown = NamesField(required=False, widget=forms.MultipleHiddenInput)
    words = LongTextField(
        label=_("What would you like to say?"),
        help_text=_("Share only what you want to. A few words are enough to start."),
        error_messages={"required": _("Write a few words.")},
    )
    name = NameField(
        label=_("What should we call you?"),
        help_text=_("Any name you like to be called."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    deadline = forms.DateField(
        label=_("My deadline is"),
        help_text=_("If an answer won’t help you after a certain day, enter that day."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, topic: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic = topic
        self._ask_for_chapter()
        self._ask_who_should_not_read()

    def _ask_for_chapter(self) -> None:
        chapters = Chapter.objects.public().by_name()
        if self.topic == Topic.CHAPTER and chapters.exists():
            cast(forms.ModelChoiceField, self.fields["chapter"]).queryset = chapters
        else:
            del self.fields["chapter"]

    def _ask_who_should_not_read(self) -> None:
        if self.topic != Topic.SAFETY:
            del self.fields["not_for"], self.fields["shown"]
            return
        self.names = names_on_the_list()
        self.fields["not_for"].choices = [(name, name) for name in self.names]

    @classmethod
    def blank(cls, request: HttpRequest, *, topic: str) -> "InquiryForm":
        return cls(topic=topic, initial={"topic": topic, "form_token": cls.kind.new_token(request)})

    @classmethod
    def filled_in_again(cls, topic: str, data: QueryDict, **initial: Any) -> "InquiryForm":
        """A new form with the values typed into another one, for any topic."""
        return cls(topic=topic, initial={**typed_so_far(cls, data), **initial, "topic": topic})

    def clean_deadline(self) -> date | None:
        deadline = self.cleaned_data["deadline"]
        if deadline and deadline < westernmost_today():
            raise ValidationError(_("This day has passed. Enter a day that hasn’t, or leave it empty."))
        return deadline

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.topic == Topic.SAFETY and not self.errors:
            self.readers = tuple(readers_chosen(data["shown"], data["not_for"]))
            if not self.readers:
                self.add_error(
                    "not_for", _("The way the boxes are checked, no one here could read it. So nothing was saved.")
                )
        return data

    @property
    def leaves_nobody(self) -> bool:
        """True if the sender excluded everyone who could read it."""
        return self.has_error("not_for") and hasattr(self, "readers")

    def submission(self, language: str, flag_reason: str) -> InquirySubmission:
        """The InquirySubmission of a valid form."""
        answers = {name: self.cleaned_data[name] for name in InquirySubmission.ANSWERS if name in self.cleaned_data}
        return InquirySubmission(
            **answers,
            words=self.cleaned_data["words"],
            form_token=self.token.value,
            language=language,
            flag_reason=flag_reason,
            readers=getattr(self, "readers", ()),
        )


class AnswerCodeForm(CodeForm):
    """The status code of an inquiry."""

    model, acts = Inquiry, Act


class MoreWordsForm(NextMessageForm):
    """The sender's next message."""

    kind = INQUIRY_FORM
