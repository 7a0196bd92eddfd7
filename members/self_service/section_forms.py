"""The parts of one's details that can be changed, each with a form of its own.

With a status code alone nothing that was written is shown, and with an email link alone not everything: the boxes are
empty. An empty box then keeps what is there, and a tick empties it.
"""

from copy import deepcopy

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from chapters.regions import country_choices, country_of, region_groups
from members.announcements.newsletter import gets_news
from members.applications.forms import JoinForm, refuse_a_region_elsewhere
from members.models import Member, Sharing
from members.self_service import address_change, services, sharing
from members.self_service.access_levels import Reach, hidden_from
from members.self_service.forms import ADDRESS_ERRORS, EMAIL
from s4jr.crypto.unreadable_text import is_unreadable
from s4jr.form_fields.region_select import RegionSelect
from s4jr.mail.addresses import validate_writable
from s4jr.mail.discreet import can_be_discreet

KEEPS = {
    Reach.CODE: _("With only your code, we don’t show what we have. Leave this empty to keep it."),
    Reach.LINK: _("With only a sign-in link, we don’t show what we have. Leave this empty to keep it."),
}


class Part(models.TextChoices):
    ABOUT_YOU = "about-you", _("Name, pronouns, and more")
    PLACE = "place", _("Place and chapter")
    HELP = "help", _("Ways to help, and what helps you take part")
    MESSAGE = "message", _("Your message")
    EMAILS = "letters", _("Emails and language")  # its address is from before: addresses stay
    ADDRESS = "address", _("Email address")
    SHARING = "sharing", _("What your representatives can see")
    WORD = "word", _("Secret word")


class SectionForm(forms.Form):
    """Some of the answers of the join form, to be given anew. Valid, `save()` keeps them."""

    use_required_attribute = False
    answers = ()

    def __init__(self, *args, visit, **kwargs):
        self.member, self.reach, self.has_proved_inbox = visit.member, visit.reach, visit.has_proved_inbox
        self.by_code_alone, self.by_link_alone = self.reach is Reach.CODE, visit.is_by_link and not visit.is_strong
        kwargs["initial"] = {**self._kept(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields = {**{name: deepcopy(JoinForm.base_fields[name]) for name in self.answers}, **self.fields}
        for name in self._unseen():
            self._hide(name)

    @property
    def whose(self):
        return Member.objects.proved().filter(pk=self.member.pk)

    def _kept(self):
        """What the boxes hold at first."""
        return {name: getattr(self.member, name) for name in self.answers if not self._is_unseen(name)}

    def _is_unseen(self, name):
        return name in hidden_from(self.reach)

    def _unseen(self):
        return [name for name in self.answers if self._is_unseen(name)]

    def _hide(self, name):
        field = self.fields[name]
        field.help_text, may_be_empty = KEEPS[self.reach], not field.required
        field.required = False
        if may_be_empty:
            label = _("Delete what we have: %(what)s") % {"what": field.label}
            self.fields[f"erase_{name}"] = forms.BooleanField(label=label, required=False)

    def changes(self):
        """The answers by field of the member; of those that are not shown, what was typed or is to be erased."""
        data = self.cleaned_data
        return {name: self._value(name) for name in self.answers if not self._stays(name, data)}

    def _stays(self, name, data):
        return self._is_unseen(name) and not data[name] and not data.get(f"erase_{name}")

    def _value(self, name):
        value = self.cleaned_data[name]
        return "" if self.cleaned_data.get(f"erase_{name}") else value

    def save(self):
        services.change_answers(self.whose, **self.changes())


class AboutYouForm(SectionForm):
    """As what somebody joined was said for the decision: once it is emptied, it is not asked again."""

    @property
    def answers(self):
        return ("name", "pronouns") if self.member.emptied_on else ("name", "pronouns", "relation")


class PlaceForm(SectionForm):
    answers = ("country", "region")

    country = forms.ChoiceField(
        label=_("Country"),
        help_text=_(
            "We use this to tell you what’s happening near you, and to find the representative for your place."
        ),
        required=False,
        widget=RegionSelect,
    )
    region = forms.ChoiceField(
        label=_("State or province"),
        help_text=_("Only for the United States and Canada. Anywhere else, the country is enough."),
        required=False,
        widget=RegionSelect,
    )
    chapter = forms.ModelChoiceField(
        Chapter.objects.public().by_name(), label=_("Chapter"), required=False, empty_label=_("None")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Not selected")), *country_choices()]
        self.fields["region"].choices = [("", _("Not selected")), *region_groups()]

    def _kept(self):
        return {**super()._kept(), "chapter": self.member.chapter_id}

    def clean(self):
        data = super().clean()
        refuse_a_region_elsewhere(self)
        return data

    def changes(self):
        data = self.cleaned_data
        country = data["country"] or country_of(data["region"])
        return {"country": country, "region": data["region"], "chapter": data["chapter"]}


class HelpForm(SectionForm):
    answers = ("ways_to_help", "access_needs")

    def _kept(self):
        kept = super()._kept()
        ways = kept.get("ways_to_help", "")
        return kept if "ways_to_help" not in kept or is_unreadable(ways) else {**kept, "ways_to_help": ways.split()}

    def _value(self, name):
        value = super()._value(name)
        return " ".join(value) if isinstance(value, list) else value


class MessageForm(SectionForm):
    answers = ("message",)

    def save(self):
        if changes := self.changes():
            services.change_message(self.whose, **changes)


#: What each way of writing to somebody takes.
CONTACT = {
    Member.Contact.YES: lambda members: services.change_answers(members, contact=Member.Contact.YES),
    Member.Contact.DISCREET: services.make_emails_discreet,
    Member.Contact.NONE: address_change.erase_address,
}


class EmailsForm(SectionForm):
    """How emails come. "Never" erases the address at once; to have one again is asked for with the address.

    A code alone does not erase it: whoever found one could then give another address, and come in by a link.
    """

    answers = ("contact", "newsletter")

    language = forms.ChoiceField(label=_("Language of our emails"), choices=settings.LANGUAGES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        contact = self.fields["contact"]
        contact.choices = [choice for choice in Member.Contact.choices if self._may_choose(choice[0])]
        if not self.member.email_index or (self.by_code_alone and not self.initial["newsletter"]):
            del self.fields["newsletter"]

    def _may_choose(self, contact):
        """A code alone may ask for more quiet, not for less, and not for good; an email link alone not for less either:
        it would show afterwards what discretion hides."""
        order, kept = Member.Contact.values, self.member.contact
        if contact == Member.Contact.DISCREET and not can_be_discreet():
            return contact == kept
        if not self.member.email_index:
            return contact in (kept, Member.Contact.NONE)
        if self.reach is Reach.WHOLE:
            return True
        more_quiet = order.index(contact) >= order.index(kept)
        return more_quiet and (contact != Member.Contact.NONE or not self.by_code_alone)

    def _kept(self):
        """Whether a link in an email stopped the news shows only to whoever has proved the inbox."""
        news = gets_news(self.member) if self.has_proved_inbox else self.member.newsletter
        return {**super()._kept(), "language": self.member.language, "newsletter": news}

    def save(self):
        data = self.cleaned_data
        services.change_answers(self.whose, language=data["language"])
        CONTACT[data["contact"]](self.whose)
        if "newsletter" in data and data["contact"] != Member.Contact.NONE:
            services.set_newsletter(self.whose, data["newsletter"], proved=self.has_proved_inbox)


class AddressSectionForm(SectionForm):
    """Another address, or one again. With a code alone only who has none may give one, starts with empty words, and
    gets discreet emails: whoever said "never" may have asked for discretion before."""

    email = forms.EmailField(
        label=_("Your new email address"),
        help_text=_("We’ll email a link to this address. Your address changes after you open the link and confirm."),
        max_length=254,
        error_messages=ADDRESS_ERRORS,
        validators=[validate_writable],
        widget=forms.EmailInput(attrs=EMAIL),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.member.contact == Member.Contact.NONE:
            self.fields["contact"] = deepcopy(JoinForm.base_fields["contact"])
            quiet = [Member.Contact.DISCREET] if can_be_discreet() else []
            allowed = quiet if quiet and self.by_code_alone else [Member.Contact.YES, *quiet]
            self.fields["contact"].choices = [(choice.value, choice.label) for choice in allowed]
        if self.by_code_alone:
            self.fields["name"] = deepcopy(JoinForm.base_fields["name"])

    def clean(self):
        data = super().clean()
        if self.by_code_alone and self.member.email_index:
            raise ValidationError(
                _(
                    "To change your address, open your information with a sign-in link. We send the link to your "
                    "current address."
                )
            )
        return data

    def save(self):
        """Whether it was kept: not where they have asked too often today."""
        data = self.cleaned_data
        contact, name = data.get("contact", self.member.contact), data.get("name", "")
        alone = {"by_code_alone": self.by_code_alone, "by_link_alone": self.by_link_alone}
        return address_change.request_address_change(self.whose, data["email"], contact, name=name, **alone)


class SharingForm(SectionForm):
    """One question for each audience: which of these may they see? With a code alone a tick can only be taken away."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.audiences = {audience.key: audience for audience in sharing.audiences_of(self.member)}
        for key, audience in self.audiences.items():
            self.fields[key] = self._question(audience)

    def _question(self, audience):
        shared = sharing.shared_with(audience, self.member)
        ticked = shared.fields.split() if shared else []
        help_text = _("Nothing is checked, so they see nothing about you.")
        if shared:
            help_text = _("They’ve been able to see what’s checked since %(day)s.") % {"day": date_format(shared.since)}
        return forms.MultipleChoiceField(
            label=_("The representative of %(name)s can see") % {"name": audience.name},
            choices=[(f, capfirst(f.label)) for f in Sharing.Field if f in ticked or not self.by_code_alone],
            widget=forms.CheckboxSelectMultiple,
            help_text=help_text,
            initial=ticked,
            required=False,
        )

    def save(self):
        for key, audience in self.audiences.items():
            services.share(self.member, audience, self.cleaned_data[key])


FORMS = {
    Part.ABOUT_YOU: AboutYouForm,
    Part.PLACE: PlaceForm,
    Part.HELP: HelpForm,
    Part.MESSAGE: MessageForm,
    Part.EMAILS: EmailsForm,
    Part.ADDRESS: AddressSectionForm,
    Part.SHARING: SharingForm,
}
