"""One function for each email to members. The texts are text blocks in `content/<language>/emails/`."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chapters.models import Meeting
from members.link_times import CHANGE_LINK_LASTS, DETAILS_LINK_LASTS, OPEN_LINK_LASTS, confirm_link_lasts, not_after
from members.links import make_links, make_links_for
from members.models import Member, MemberLink
from members.self_service import meetings
from s4jr.content.live_texts import LiveTexts, TextsOf, texts_by_language
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import COLUMNS, Email, email_link, in_both_forms, in_columns, write_from
from s4jr.mail.kinds import OWNER_ASKS

if TYPE_CHECKING:
    from members.applications.descriptions import Sent

Purpose = MemberLink.Purpose
#: The two kinds of confirmation email: for one application, or for a list of them.
ONE, LIST = "confirm", "confirm-list"
#: Placeholder for the list of applications, which must not be rewrapped.
_APPLICATIONS = "\N{OBJECT REPLACEMENT CHARACTER}"


@decrypts_unshown
def confirm(member: Member) -> Email:
    """The email that confirms one application.

    It contains nothing from the form, because anyone can type any address.
    """
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
def confirm_list(
    applications: "list[tuple[Member, Sent]]", *, to: str, language: str, discreet: bool, day: date
) -> Email:
    """The email that lists every application at one address, so that its owner confirms or deletes each.

    `applications` are pairs of a member and its description. One list per address and day.
    """
    members = [member for member, _sent in applications]
    tokens = make_links(members, Purpose.CONFIRM, confirm_link_lasts())
    with translation.override(language):
        pairs = zip(applications, tokens, strict=True)
        entries = "\n\n".join(_entry(sent, token, language) for (_member, sent), token in pairs)

    def write(quiet: bool) -> tuple[str, str]:
        text = LiveTexts(language).text(_key("confirm-list", quiet))
        subject, body = write_from(text, days=settings.CONFIRM_WITHIN_DAYS, applications=_APPLICATIONS)
        return subject, body.replace(_APPLICATIONS, entries)

    return Email(
        to=to,
        **in_both_forms(write, discreet=discreet),
        kind=LIST,
        dedupe_key=f"confirm-list:{members[0].email_index}:{day}",
        not_after=not_after(LIST),
        language=language,
    )


def _entry(sent: "Sent", token: str, language: str) -> str:
    """One application of a list: when it was sent, the end of its code, and two links, each on its own line."""
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
def welcome(members: Sequence[Member]) -> list[Email]:
    """The welcome emails, one for each of these members."""
    texts, next_for = texts_by_language(), meetings.next_for_each(members)
    pairs = zip(members, _details_links(members), strict=True)
    return [_welcome(member, link, next_for(member), texts(member.language)) for member, link in pairs]


def _welcome(member: Member, link: str, meeting: Meeting | None, texts: LiveTexts) -> Email:
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


def _contact_link(language: str) -> str:
    """On the site's own host: the host of email links has no contact form."""
    with translation.override(language):
        return settings.SITE_URL + reverse("contact")


@decrypts_unshown
def parting(member: Member, texts: TextsOf = LiveTexts) -> Email:
    """The email after a "not now" or the end of a membership, with the text of the admin who decided."""
    kind = _parting_kind(member)

    def write(discreet: bool) -> tuple[str, str]:
        words = member.parting_email if discreet == member.is_discreet else ""
        return _parting_words(member, kind, words, texts, discreet=discreet)

    return Email(
        to=_address(member),
        **in_both_forms(write, discreet=member.is_discreet),
        kind=kind,
        dedupe_key=f"{kind}:{member.number}:{member.decision}",
        about=member.about,
        language=member.language,
    )


def _parting_words(member: Member, kind: str, words: str, texts: TextsOf, *, discreet: bool) -> tuple[str, str]:
    """(subject, body): the words of the admin at 72 columns, or the default text."""
    text = texts(member.language).text(_key(kind, discreet))
    lines = [in_columns(line) if len(line) > COLUMNS else line for line in words.split("\n")]
    return text.title, "\n".join(lines) if words else write_from(text, name=member.name)[1]


def preview_parting(member: Member, kind: str, words: str) -> tuple[str, str]:
    """(subject, body) of a parting email with these words, as `parting` will write it."""
    return _parting_words(member, kind, words, LiveTexts, discreet=member.is_discreet)


def draft_parting(member: Member, kind: str, **values: Any) -> str:
    """The default text of a parting email, for the admin to edit: each paragraph is one line, which their box wraps.

    `kind` is "not-now" or "membership-ended". It is not read from the status, which another admin may have changed.
    """
    text = LiveTexts(member.language).text(_key(kind, member.is_discreet))
    paragraphs = write_from(text, name=member.name, **values)[1].strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.splitlines()) for paragraph in paragraphs) + "\n"


def _parting_kind(member: Member) -> str:
    statuses = member.Status
    after_welcome = member.status in (statuses.APPROVED, statuses.ENDING_MEMBERSHIP, statuses.MEMBERSHIP_ENDED)
    return "membership-ended" if after_welcome else "not-now"


# --- emails that a member asks for: a pause does not stop these


def open_details(member: Member, event: str, lasting: timedelta = OPEN_LINK_LASTS) -> Email:
    """The email with a one-time link that opens a member's information. It contains no personal data.

    The link works for 20 minutes; `lasting` is longer after several requests in a day
    (`members.self_service.requested_emails`).
    """
    [token] = make_links([member], Purpose.OPEN, lasting)
    return _email(
        member,
        "open-details",
        f"open-details:{_short_index(member.email_index)}:{event}",
        LiveTexts(member.language),
        discreet=member.is_discreet,
        is_asked_for=True,
        minutes=int(lasting.total_seconds() // 60),
        open_link=email_link("my_details_link", member.language, token=token),
    )


def confirm_change(member: Member, event: str, token: str) -> Email:
    """The email to a member's new address. The address may be a stranger's, so it names nobody."""
    return _email(
        member,
        "confirm-change",
        f"confirm-change:{_short_index(member.new_email_index)}:{event}",
        LiveTexts(member.language),
        discreet=member.is_discreet,
        is_asked_for=True,
        to=member.new_email,
        days=CHANGE_LINK_LASTS.days,
        confirm_link=email_link("my_details_link", member.language, token=token),
    )


def emails_again(member: Member) -> Email:
    """The email that asks to confirm that emails may start again. Sent despite the stop, at most once a day."""
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


def address_changed(member: Member, link: MemberLink) -> Email:
    """The email to a member's previous address, after a change. It does not name the new address."""
    return _email(
        member,
        "address-changed",
        f"address-changed:{member.number}:{link.pk}",
        LiveTexts(member.language),
        discreet=member.is_discreet,
        is_asked_for=True,
    )


def _short_index(index: str | None) -> str:
    """The part of a blind index that goes into a dedupe key. Raises ValueError for a member without an address."""
    if index is None:
        raise ValueError("There is no address to send this email to.")
    return index[:32]


# --- emails that nobody asked for


@decrypts_unshown
def lapsed(member: Member, texts: TextsOf = LiveTexts) -> Email:
    """The email that apologizes for not answering in time."""
    return _email(
        member,
        "lapsed",
        f"lapsed:{member.number}:{member.decision}",
        texts(member.language),
        discreet=member.is_discreet,
        name=member.name,
        days=settings.UNDECIDED_DAYS,
    )


def _details_links(members: Sequence[Member]) -> list[str]:
    tokens = make_links(members, Purpose.DETAILS, DETAILS_LINK_LASTS)
    pairs = zip(members, tokens, strict=True)
    return [email_link("my_details_link", member.language, token=token) for member, token in pairs]


def _key(kind: str, discreet: bool) -> str:
    return f"emails/{kind}-discreet" if discreet else f"emails/{kind}"


def _email(
    member: Member,
    kind: str,
    dedupe_key: str,
    texts: LiveTexts,
    *,
    discreet: bool,
    is_asked_for: bool = False,
    to: str | None = None,
    **values: Any,
) -> Email:
    return Email(
        to=to or _address(member, is_asked_for=is_asked_for),
        **in_both_forms(lambda quiet: write_from(texts.text(_key(kind, quiet)), **values), discreet=discreet),
        kind=kind,
        dedupe_key=dedupe_key,
        about=member.about,
        language=texts.language,
        not_after=not_after(kind),
    )


def _address(member: Member, *, is_asked_for: bool = False) -> str:
    """The address of an email to a member, or "" while they pause, unless they asked for the email.

    No email is queued without an address.
    """
    return "" if member.paused_at and not is_asked_for else member.email
