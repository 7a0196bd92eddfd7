"""One function for each email to members. Their words are text blocks in `content/<language>/emails/`."""

from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from members.links import confirm_link_lasts, make_links, make_links_for
from members.models import MemberLink
from members.self_service import meetings
from s4jr.content.live_texts import LiveTexts, texts_by_language
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import Email, email_link, in_both_forms, in_columns, write_from
from s4jr.mail.kinds import OWNER_ASKS

Purpose = MemberLink.Purpose
#: The two emails with which an address is confirmed: one application, or a list of them.
ONE, LIST = "confirm", "confirm-list"
#: How long the link in an email, with which one can withdraw or leave, goes on working.
DETAILS_LINK_LASTS = timedelta(days=400)
#: How long a link that opens what is kept works, once.
OPEN_LINK_LASTS = timedelta(minutes=20)
#: How long somebody can take to confirm another address.
CHANGE_LINK_LASTS = timedelta(days=7)
#: Where the applications of a list stand until they are put in, line for line.
_APPLICATIONS = "\N{OBJECT REPLACEMENT CHARACTER}"


@decrypts_unshown
def confirm(member) -> Email:
    """The email with which one application is confirmed. It holds no word the sender of the form typed: anybody can
    type an address."""
    lasting = {Purpose.CONFIRM: confirm_link_lasts(), Purpose.DETAILS: DETAILS_LINK_LASTS}
    to_confirm, to_details = make_links_for(member, lasting)
    return _email(
        member,
        ONE,
        f"confirm:{member.number}:{member.times_corrected}",
        LiveTexts(member.language),
        discreet=member.is_discreet,
        days=settings.CONFIRM_WITHIN_DAYS,
        confirm_link=email_link("confirm", member.language, token=to_confirm),
        details_link=email_link("my_details_link", member.language, token=to_details),
    )


@decrypts_unshown
def confirm_list(applications: list, *, to: str, language: str, discreet: bool, day: date) -> Email:
    """The email that names every application at one address, so that its owner confirms or deletes each.

    `applications`: pairs of a member and what names it (`members.applications.descriptions.Sent`). One list an address
    and day.
    """
    members = [member for member, _sent in applications]
    tokens = make_links(members, Purpose.CONFIRM, confirm_link_lasts())
    with translation.override(language):
        pairs = zip(applications, tokens, strict=True)
        entries = "\n\n".join(_entry(sent, token, language) for (_member, sent), token in pairs)

    def write(quiet):
        text = LiveTexts(language).text(_key("confirm-list", quiet))
        subject, body = write_from(text, days=settings.CONFIRM_WITHIN_DAYS, applications=_APPLICATIONS)
        return subject, body.replace(_APPLICATIONS, entries)

    return Email(
        to=to,
        **in_both_forms(write, discreet=discreet),
        kind=LIST,
        dedupe_key=f"confirm-list:{members[0].email_index}:{day}",
        language=language,
    )


def _entry(sent, token, language):
    """One application of a list: when it was sent, how its code ends, and its two links, each on a line of its own."""
    confirm_link, delete_link = (email_link(name, language, token=token) for name in ("confirm", "delete_unwanted"))
    return "\n".join(
        [
            in_columns(str(sent)),
            _("If this was you, confirm:"),
            confirm_link,
            _("If this wasn't you, delete it:"),
            delete_link,
        ]
    )


@decrypts_unshown
def welcome(members):
    """The emails that say "you are in", one for each of these members."""
    texts, next_for = texts_by_language(), meetings.next_for_each(members)
    pairs = zip(members, _details_links(members), strict=True)
    return [_welcome(member, link, next_for(member), texts(member.language)) for member, link in pairs]


def _welcome(member, link, meeting, texts):
    return _email(
        member,
        "welcome",
        f"welcome:{member.number}:{member.decision}",
        texts,
        discreet=member.is_discreet,
        name=member.name,
        next_meeting=meetings.in_a_sentence(meeting, member.language),
        contact_link=_contact_link(member.language),
        details_link=link,
    )


def _contact_link(language):
    """On the site itself: at the address for emails nobody is asked what it is about."""
    with translation.override(language):
        return settings.SITE_URL + reverse("contact")


@decrypts_unshown
def parting(member):
    """The email that a "not now" or a stepping back ends with, in the words that whoever decided left for it."""
    kind = _parting_kind(member)

    def write(discreet):
        words = member.parting_email if discreet == member.is_discreet else ""
        return LiveTexts(member.language).text(_key(kind, discreet)).title, words or _draft(member, kind, discreet)

    return Email(
        to=_address(member),
        **in_both_forms(write, discreet=member.is_discreet),
        kind=kind,
        dedupe_key=f"{kind}:{member.number}:{member.decision}",
        about=member.about,
        language=member.language,
    )


def draft_parting(member, kind, **values):
    """The kind email as it stands before anybody changes it: what the person who decides reads first.

    `kind` is "not-now" or "membership-ended", whatever the member is by now: somebody else may have decided meanwhile.
    """
    return _draft(member, kind, member.is_discreet, **values)


def _draft(member, kind, discreet, **values):
    return write_from(LiveTexts(member.language).text(_key(kind, discreet)), name=member.name, **values)[1]


def _parting_kind(member):
    statuses = member.Status
    after_welcome = member.status in (statuses.APPROVED, statuses.ENDING_MEMBERSHIP, statuses.MEMBERSHIP_ENDED)
    return "membership-ended" if after_welcome else "not-now"


# --- what somebody asks for themselves: a pause does not stop these


def open_details(member, event, lasting=OPEN_LINK_LASTS):
    """The email with the link that opens one's details, for 20 minutes and once; `lasting` is longer after several in
    a day (`members.self_service.requested_emails`). It holds nothing that was written."""
    [token] = make_links([member], Purpose.OPEN, lasting)
    return _email(
        member,
        "open-details",
        f"open-details:{member.email_index[:32]}:{event}",
        LiveTexts(member.language),
        discreet=member.is_discreet,
        is_asked_for=True,
        minutes=int(lasting.total_seconds() // 60),
        open_link=email_link("my_details_link", member.language, token=token),
    )


def confirm_change(member, event, token):
    """The email to the address somebody wants to have instead. It may be a stranger's: it names nobody."""
    return _email(
        member,
        "confirm-change",
        f"confirm-change:{member.new_email_index[:32]}:{event}",
        LiveTexts(member.language),
        discreet=member.is_discreet,
        is_asked_for=True,
        to=member.new_email,
        days=CHANGE_LINK_LASTS.days,
        confirm_link=email_link("my_details_link", member.language, token=token),
    )


def emails_again(member):
    """The email that asks whether emails may come again after a stop. It goes in spite of it, once a day at most."""
    kind = OWNER_ASKS
    [token] = make_links([member], Purpose.EMAILS_AGAIN, CHANGE_LINK_LASTS)
    return _email(
        member,
        kind,
        f"{kind}:{member.number}:{timezone.now().date()}",
        LiveTexts(member.language),
        discreet=member.is_discreet,
        is_asked_for=True,
        days=CHANGE_LINK_LASTS.days,
        confirm_link=email_link("my_details_link", member.language, token=token),
    )


def address_changed(member, link):
    """The email to the address they had: emails go elsewhere from now on. It does not say where."""
    return _email(
        member,
        "address-changed",
        f"address-changed:{member.number}:{link.pk}",
        LiveTexts(member.language),
        discreet=member.is_discreet,
        is_asked_for=True,
    )


# --- what we write of our own accord


@decrypts_unshown
def lapsed(member):
    """The email that says: we did not answer in time; that is ours."""
    texts = LiveTexts(member.language)
    return _email(
        member,
        "lapsed",
        f"lapsed:{member.number}:{member.decision}",
        texts,
        discreet=member.is_discreet,
        name=member.name,
        days=settings.UNDECIDED_DAYS,
    )


def _details_links(members):
    tokens = make_links(members, Purpose.DETAILS, DETAILS_LINK_LASTS)
    pairs = zip(members, tokens, strict=True)
    return [email_link("my_details_link", member.language, token=token) for member, token in pairs]


def _key(kind, discreet):
    return f"emails/{kind}-discreet" if discreet else f"emails/{kind}"


def _email(member, kind, dedupe_key, texts, *, discreet, is_asked_for=False, to=None, **values):
    return Email(
        to=to or _address(member, is_asked_for=is_asked_for),
        **in_both_forms(lambda quiet: write_from(texts.text(_key(kind, quiet)), **values), discreet=discreet),
        kind=kind,
        dedupe_key=dedupe_key,
        about=member.about,
        language=texts.language,
    )


def _address(member, *, is_asked_for=False):
    """Where an email to a member goes. While they pause nowhere, unless they ask for it: without an address, none is
    written."""
    return "" if member.paused_at and not is_asked_for else member.email
