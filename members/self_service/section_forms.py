"""The sections of a member's information that they can change, each with its form."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from chapters.place_field import PlaceAnswerMixin, PlaceField
from chapters.place_search import place_label
from members.announcements.newsletter import gets_news
from members.applications.forms import JoinForm
from members.applications.status_code import public_status
from members.models import Member, PlaceAlert, Sharing
from members.place_alerts.services import set_place_alert
from members.querysets import MemberQuerySet
from members.self_service import address_change, services, sharing
from members.self_service.access_levels import Reach
from members.self_service.forms import ADDRESS_ERRORS
from members.self_service.section_form import SectionForm
from s4jr.crypto.unreadable_text import is_unreadable
from s4jr.form_fields.email import EmailAddressField
from s4jr.mail.discreet import can_be_discreet


class Part(models.TextChoices):
    ABOUT_YOU = "about-you", _("Name, pronouns, and more")
    PLACE = "place", _("Place and chapter")
    HELP = "help", _("Ways to help, and what helps you take part")
    MESSAGE = "message", _("Your message")
    EMAILS = "letters", _("Emails and language")  # the URL keeps its earlier name
    ADDRESS = "address", _("Email address")
    SHARING = "sharing", _("What your representatives can see")
    WORD = "word", _("Secret word")


class AboutYouForm(SectionForm):
    """`relation` was for the decision: once it is deleted with age, the form does not ask for it again."""

    @property
    def answers(self) -> tuple[str, ...]:
        return ("name", "pronouns") if self.member.emptied_on else ("name", "pronouns", "relation")


class PlaceForm(PlaceAnswerMixin, SectionForm):
    place = PlaceField(
        label=_("State, province or country"),
        help_text=_(
            "We use this to tell you what’s happening near you, and to find the representative for your place. Outside "
            "the United States, Canada and the United Kingdom, the country is enough."
        ),
        required=False,
    )
    chapter = forms.ModelChoiceField(
        Chapter.objects.public().by_name(), label=_("Chapter"), required=False, empty_label=_("None")
    )

    tell_me = forms.BooleanField(
        label=_("Email me when my place gets a representative, a chapter or a first meeting"),
        help_text=_("We email you once about each."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self._may_tell():
            del self.fields["tell_me"]

    def _may_tell(self) -> bool:
        """Only for members with an address. A code alone can turn it off, but not on."""
        gets_emails = public_status(self.member) == "welcomed" and self.member.gets_emails
        return gets_emails and (not self.by_code_alone or self.initial["tell_me"])

    def _kept(self) -> dict[str, Any]:
        code = self.member.region or self.member.country
        kept = {"chapter": self.member.chapter_id, "tell_me": PlaceAlert.objects.of([self.member]).exists()}
        return {**super()._kept(), "place": place_label(code) if code else "", **kept}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("tell_me") and not data.get("country") and "place" not in self.errors:
            self.add_error("place", _("Enter your place, so that we know what to tell you about."))
        return data

    def save(self) -> bool:
        super().save()
        if "tell_me" in self.cleaned_data:
            set_place_alert(self.whose, self.cleaned_data["tell_me"])
        return True

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("country", "region", "chapter")}


class HelpForm(SectionForm):
    answers = ("ways_to_help", "access_needs")

    def _kept(self) -> dict[str, Any]:
        kept = super()._kept()
        ways = kept.get("ways_to_help", "")
        return kept if "ways_to_help" not in kept or is_unreadable(ways) else {**kept, "ways_to_help": ways.split()}

    def _value(self, name: str) -> Any:
        value = super()._value(name)
        return " ".join(value) if isinstance(value, list) else value


class MessageForm(SectionForm):
    answers = ("message",)

    def save(self) -> bool:
        if changes := self.changes():
            services.change_message(self.whose, **changes)
        return True


#: The service for each answer about emails.
CONTACT: dict[str, Callable[[MemberQuerySet], int]] = {
    Member.Contact.YES: lambda members: services.change_answers(members, contact=Member.Contact.YES),
    Member.Contact.DISCREET: services.make_emails_discreet,
    Member.Contact.NONE: address_change.erase_address,
}


class EmailsForm(SectionForm):
    """How emails come. "Never" deletes the address right away; the address section can add one again.

    A code alone does not delete it: someone who found the code could then add their own address and get in by a link.
    """

    answers = ("contact", "newsletter")

    language = forms.ChoiceField(label=_("Language of our emails"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact = self.fields["contact"]
        contact.choices = [choice for choice in Member.Contact.choices if self._may_choose(choice[0])]
        if not self.member.email_index or (self.by_code_alone and not self.initial["newsletter"]):
            del self.fields["newsletter"]

    def _may_choose(self, contact: str) -> bool:
        """A code alone may choose more discretion, but not less and not "never". An email link alone may not choose
        less either: it would then show what discretion hides."""
        order, kept = Member.Contact.values, self.member.contact
        if contact == Member.Contact.DISCREET and not can_be_discreet():
            return contact == kept
        if not self.member.email_index:
            return contact in (kept, Member.Contact.NONE)
        if self.reach is Reach.WHOLE:
            return True
        more_quiet = order.index(contact) >= order.index(kept)
        return more_quiet and (contact != Member.Contact.NONE or not self.by_code_alone)

    def _kept(self) -> dict[str, Any]:
        """Only a session that has proved the inbox sees whether a link in an email stopped the news."""
        news = gets_news(self.member) if self.has_proved_inbox else self.member.newsletter
        return {**super()._kept(), "language": self.member.language, "newsletter": news}

    def save(self) -> bool:
        data = self.cleaned_data
        services.change_answers(self.whose, language=data["language"])
        CONTACT[data["contact"]](self.whose)
        if "newsletter" in data and data["contact"] != Member.Contact.NONE:
            services.set_newsletter(self.whose, data["newsletter"], proved=self.has_proved_inbox)
        return True


class AddressSectionForm(SectionForm):
    """Another address, or one again. With a code alone, only a member without an address may add one; what they wrote
    is deleted, and emails are discreet: someone who chose "never" may have chosen "discreet" before."""

    email = EmailAddressField(
        label=_("Your new email address"),
        help_text=_("We’ll email a link to this address. Your address changes after you open the link and confirm."),
        error_messages=ADDRESS_ERRORS,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.member.contact == Member.Contact.NONE:
            self.fields["contact"] = deepcopy(JoinForm.base_fields["contact"])
            quiet = [Member.Contact.DISCREET] if can_be_discreet() else []
            allowed = quiet if quiet and self.by_code_alone else [Member.Contact.YES, *quiet]
            self.fields["contact"].choices = [(choice.value, choice.label) for choice in allowed]
        if self.by_code_alone:
            self.fields["name"] = deepcopy(JoinForm.base_fields["name"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.by_code_alone and self.member.email_index:
            raise ValidationError(
                _(
                    "To change your address, open your information with a sign-in link. We send the link to your "
                    "current address."
                )
            )
        return data

    def save(self) -> bool:
        """False if there were too many requests today."""
        data = self.cleaned_data
        contact, name = data.get("contact", self.member.contact), data.get("name", "")
        alone = {"by_code_alone": self.by_code_alone, "by_link_alone": self.by_link_alone}
        return address_change.request_address_change(self.whose, data["email"], contact, name=name, **alone)


class SharingForm(SectionForm):
    """One question for each audience: what may they see? With a code alone, boxes can only be unchecked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audiences = {audience.key: audience for audience in sharing.audiences_of(self.member)}
        for key, audience in self.audiences.items():
            self.fields[key] = self._question(audience)

    def _question(self, audience: sharing.Audience) -> forms.MultipleChoiceField:
        shared = sharing.shared_with(audience, self.member)
        ticked = shared.fields.split() if shared else []
        help_text = _("Nothing is checked, so they see nothing about you.")
        if shared:
            help_text = _("They’ve been able to see what’s checked since %(day)s.") % {"day": date_format(shared.since)}
        return forms.MultipleChoiceField(
            label=_("The representative of %(name)s can see") % {"name": audience.name},
            choices=[(f, str(capfirst(f.label))) for f in Sharing.Field if f in ticked or not self.by_code_alone],
            widget=forms.CheckboxSelectMultiple,
            help_text=help_text,
            initial=ticked,
            required=False,
        )

    def save(self) -> bool:
        for key, audience in self.audiences.items():
            services.share(self.member, audience, self.cleaned_data[key])
        return True


FORMS: dict[str, type[SectionForm]] = {
    Part.ABOUT_YOU: AboutYouForm,
    Part.PLACE: PlaceForm,
    Part.HELP: HelpForm,
    Part.MESSAGE: MessageForm,
    Part.EMAILS: EmailsForm,
    Part.ADDRESS: AddressSectionForm,
    Part.SHARING: SharingForm,
}
