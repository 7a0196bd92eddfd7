"""One function for each letter to members. Their words are passages in `content/<language>/letters/`."""

from functools import cache

from django.conf import settings

from s4jr.mail.letters import Letter, letter_link, write_from
from s4jr.words.texts import LiveTexts

#: How long the link in a letter, with which one can withdraw or leave, goes on working.
DETAILS_LINK_DAYS = 400


def confirm(member, language, *, discreet=None, nth=0):
    """The letter that proves a mailbox. It holds no word the sender of the form typed: anybody can type an address.

    `nth` counts the confirming letters this address had before, so that two presses at once write one.
    """
    if discreet is None:
        discreet = member.contact == member.Contact.DISCREET
    links = member.links.model.objects
    [to_confirm] = links.make([member], links.model.Purpose.CONFIRM, days=settings.CONFIRM_WITHIN_DAYS)
    [to_leave] = links.make([member], links.model.Purpose.DETAILS, days=DETAILS_LINK_DAYS)
    return _letter(
        member,
        "confirm",
        f"confirm:{member.email_index}:{nth}",
        LiveTexts(language),
        discreet=discreet,
        days=settings.CONFIRM_WITHIN_DAYS,
        confirm_link=letter_link("confirm", language, token=to_confirm),
        details_link=letter_link("my_details_link", language, token=to_leave),
    )


def welcome(members):
    """The letters that say "you are in", one for each of these members."""
    if not members:
        return []
    texts = cache(LiveTexts)
    links = members[0].links.model.objects
    tokens = links.make(members, links.model.Purpose.DETAILS, days=DETAILS_LINK_DAYS)
    pairs = zip(members, tokens, strict=True)
    return [_welcome(member, token, texts(member.language)) for member, token in pairs]


def _welcome(member, token, texts):
    return _letter(
        member,
        "welcome",
        f"welcome:{member.number}:{member.decision}",
        texts,
        discreet=member.contact == member.Contact.DISCREET,
        name=member.name,
        details_link=letter_link("my_details_link", member.language, token=token),
    )


def _letter(member, kind, dedupe_key, texts, *, discreet, **values):
    form = f"letters/{kind}-discreet" if discreet else f"letters/{kind}"
    subject, body = write_from(texts.text(form), **values)
    return Letter(
        to=member.email,
        subject=subject,
        body=body,
        kind=kind,
        dedupe_key=dedupe_key,
        about=member.about,
        language=texts.language,
    )
