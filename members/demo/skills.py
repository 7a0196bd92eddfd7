"""Topics that members share, two questions of representatives, and one yes."""

from chapters.models import Representative
from members.models import Member, Skill, SkillRequest
from members.skills.services import add_skill, answer_questions, ask_about, share_skills

#: (kind, topic, whether it is shared), for the first members in the order they joined.
TOPICS = (
    (Skill.Kind.TEACH, "Reading a bill (fictional)", True),
    (Skill.Kind.LEARN, "Writing to a newspaper (fictional)", True),
    (Skill.Kind.TEACH, "Captioning a video (fictional)", True),
    (Skill.Kind.LEARN, "Speaking at a hearing (fictional)", False),
)
QUESTION = "Would you show this to a small group, or tell one of us how it works? (This question is fictional.)"


def add_skills() -> None:
    """Gives every member with a place one topic. Representatives ask about the first shared ones of their place."""
    members = Member.objects.welcomed().exclude(country="").order_by("pk")
    for number, member in enumerate(members):
        kind, topic, is_shared = TOPICS[number % len(TOPICS)]
        add_skill(member, kind, topic)
        if is_shared:
            share_skills(Skill.objects.of([member]))
    for term in Representative.objects.serving().select_related("user").order_by("begins_on", "pk")[:3]:
        for skill in Skill.objects.shown_to(term).order_by("kind", "pk")[:2]:
            ask_about(skill.pk, term, QUESTION)
    first = SkillRequest.objects.open().order_by("pk").first()
    if first:
        answer_questions(SkillRequest.objects.filter(pk=first.pk), yes=True)
