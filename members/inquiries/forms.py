"""The forms of /contact/: what it is about, what somebody writes, and the code with which they read the answer."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from members.applications.forms import NameField
from members.inquiries.permissions import names_on_the_list, readers_chosen, topics_read
from members.inquiries.querysets import Writing
from members.models import Inquiry, Member
from members.submission_tokens import INQUIRY_FORM
from s4jr.days import westernmost_today
from s4jr.form_fields.carried_over import typed_so_far
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.status_code_form import StatusCodeForm
from s4jr.mail.addresses import validate_writable
from s4jr.mail.discreet import can_be_discreet

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


class InquiryForm(forms.Form):
    """What somebody writes about one topic. Who writes about safety or conduct says here who should not read it."""

    use_required_attribute = False

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
    shown = NamesField(required=False, widget=forms.MultipleHiddenInput)
    words = LongTextField(
        label=_("What would you like to say?"),
        help_text=_("Share only what you want to. A few words are enough to start."),
        error_messages={"required": _("Write a few words.")},
    )
    contact = forms.ChoiceField(
        label=_("Is it safe to email you the answer?"),
        help_text=_("Whatever you choose, the next page shows you a code. You can use it to read the answer here."),
        choices=Member.Contact,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one, so we never email you where it isn’t safe.")},
    )
    email = forms.CharField(
        label=_("Email address"),
        help_text=_("Leave this blank if you chose “Never email me.”"),
        error_messages={
            "required": _("Enter your email address, or choose “Never email me.”"),
            "invalid": _("Check your email address. It looks like name@example.com."),
        },
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
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
    website = forms.CharField(required=False)
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, topic, **kwargs):
        super().__init__(*args, **kwargs)
        self.topic = topic
        self._ask_for_chapter()
        self._ask_who_should_not_read()
        if self.is_bound:
            self.fields["email"].required = self.data.get("contact") in (Member.Contact.YES, Member.Contact.DISCREET)
        if not can_be_discreet():
            self.fields["contact"].choices = [c for c in Member.Contact.choices if c[0] != Member.Contact.DISCREET]

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
    def filled_in_again(cls, topic, data, **initial):
        """A fresh form with what was typed into another one, of whatever topic."""
        return cls(topic=topic, initial={**typed_so_far(cls, data), **initial, "topic": topic})

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        # `shown` is printed beside the form: it names who is on this page, not who was on the one before.
        asked = [name for name in self.fields if name not in ("website", "form_token", "shown")]
        helper.layout = Layout(*asked, Field("website", template="forms/honeypot.html"), "form_token")
        return helper

    def clean_email(self):
        """An address typed beside "please never e-mail me" is dropped unread."""
        email = self.cleaned_data["email"]
        if self.data.get("contact") == Member.Contact.NONE:
            return ""
        if email:
            EmailValidator(self.fields["email"].error_messages["invalid"])(email)
            validate_writable(email)
        return email

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

    def writing(self, language, flag_reason):
        """What was written, once the form is valid."""
        answers = {name: self.cleaned_data[name] for name in Writing.ANSWERS if name in self.cleaned_data}
        return Writing(
            **answers,
            words=self.cleaned_data["words"],
            form_token=self.token.value,
            language=language,
            flag_reason=flag_reason,
            readers=getattr(self, "readers", ()),
        )

    @property
    def token(self):
        if not hasattr(self, "_token"):
            self._token = INQUIRY_FORM.read_token(self.cleaned_data["form_token"])
        return self._token

    @property
    def flag_reason(self):
        """Why somebody should look first whether a person wrote this; "" where nothing stands out."""
        if self.cleaned_data["website"]:
            return Member.FlagReason.HONEYPOT
        if not self.token.is_ours:
            return Member.FlagReason.NO_TOKEN
        return Member.FlagReason.TOO_FAST if self.token.is_too_fast else ""


class Act(models.TextChoices):
    """What somebody does with the code of an inquiry."""

    LOOK = "look"
    WRITE = "write"
    ERASE = "erase"


class AnswerCodeForm(StatusCodeForm):
    """The code of an inquiry."""

    acts = Act

    def with_code(self, code):
        return Inquiry.objects.with_code(code)


class MoreWordsForm(forms.Form):
    """Their own next words."""

    use_required_attribute = False

    words = LongTextField(label=_("Your message"), error_messages={"required": _("Write a few words.")})
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    def said(self):
        """The words, and the mark that makes two presses one."""
        return self.cleaned_data["words"], INQUIRY_FORM.read_token(self.cleaned_data["form_token"]).value
