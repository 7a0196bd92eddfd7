"""The email that a question waits in Your information. It says neither who asks nor about what."""

from datetime import timedelta

from django.conf import settings

from members.links import make_links
from members.models import MemberLink, SkillRequest
from s4jr.content.live_texts import LiveTexts
from s4jr.mail.emails import Email, email_link, in_both_forms, write_from
from s4jr.mail.out_of_date import latest_sending

KIND = "question-waits"


def question(asked: SkillRequest) -> Email:
    """The link shows the member's status and lets them ask for a sign-in link; it works as long as the question."""
    member = asked.skill.member
    lasting = timedelta(days=settings.SKILL_REQUEST_DAYS)
    [token] = make_links([member], MemberLink.Purpose.DETAILS, lasting)
    link = email_link("my_details_link", member.language, token=token)
    texts = LiveTexts(member.language)

    def write(discreet: bool) -> tuple[str, str]:
        text = texts.text(f"emails/{KIND}-discreet" if discreet else f"emails/{KIND}")
        return write_from(text, details_link=link)

    return Email(
        to=member.email,
        **in_both_forms(write, discreet=member.is_discreet),
        kind=KIND,
        dedupe_key=f"{KIND}:{asked.pk.hex}",
        about=member.about,
        not_after=latest_sending(lasting),
        language=texts.language,
    )
