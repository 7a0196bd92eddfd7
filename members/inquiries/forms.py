"""The forms of /contact/: what it is about, what somebody writes, and the code with which they read the answer."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
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
    """Names on a list that may have changed since it was shown: one that has left it is no mistake."""

    def valid_value(self, value):
        return True


class Step(models.TextChoices):
    """Which button of /contact/ was pressed."""

    TOPIC = "topic"
    CHANGE = "change"
    SEND = "send"


class TopicForm(forms.Form):
    """Offers the topics that a volunteer can read now."""

    use_required_attribute = False

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        help_text=_("This decides who reads your message."),
        choices=Topic,
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
    """What somebody writes about one topic. Who writes about safety or conduct says here who should not read it."""

    kind = INQUIRY_FORM
    counted_as = "inquiries"
    limits_one_address = False  # every email about an inquiry is written by a person
    asked = ("topic", "chapter", "not_for", "words", "contact", "email", "name", "deadline")

    topic = forms.ChoiceField(choices=Topic, widget=forms.HiddenInput)
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
    #: Printed beside the form: it names who is on this page, not who was on the one before.
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

    def __init__(self, *args, topic, **kwargs):
        super().__init__(*args, **kwargs)
        self.topic = topic
        self._ask_for_chapter()
        self._ask_who_should_not_read()

    def _ask_for_chapter(self):
        chapters = Chapter.objects.public().by_name()
        if self.topic == Topic.CHAPTER and chapters.exists():
            self.fields["chapter"].queryset = chapters
        else:
            del self.fields["chapter"]

    def _ask_who_should_not_read(self):
        if self.topic != Topic.SAFETY:
            del self.fields["not_for"], self.fields["shown"]
            return
        self.names = names_on_the_list()
        self.fields["not_for"].choices = [(name, name) for name in self.names]

    @classmethod
    def blank(cls, request, *, topic):
        return cls(topic=topic, initial={"topic": topic, "form_token": cls.kind.new_token(request)})

    @classmethod
    def filled_in_again(cls, topic, data, **initial):
        """A fresh form with what was typed into another one, of whatever topic."""
        return cls(topic=topic, initial={**typed_so_far(cls, data), **initial, "topic": topic})

    def clean_deadline(self):
        deadline = self.cleaned_data["deadline"]
        if deadline and deadline < westernmost_today():
            raise ValidationError(_("This day has passed. Enter a day that hasn’t, or leave it empty."))
        return deadline

    def clean(self):
        data = super().clean()
        if self.topic == Topic.SAFETY and not self.errors:
            self.readers = tuple(readers_chosen(data["shown"], data["not_for"]))
            if not self.readers:
                self.add_error(
                    "not_for", _("The way the boxes are checked, no one here could read it. So nothing was saved.")
                )
        return data

    @property
    def leaves_nobody(self):
        """True where everybody who could read it is ticked."""
        return self.has_error("not_for") and hasattr(self, "readers")

    def submission(self, language, flag_reason):
        """What was written, once the form is valid."""
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
    """The code of an inquiry."""

    model, acts = Inquiry, Act


class MoreWordsForm(NextMessageForm):
    """Their own next words."""

    kind = INQUIRY_FORM
