"""Queries on skills, and on the questions about them."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from chapters.models import Representative
from members.applications.status_code import WELCOMED
from s4jr.accounts.models import User

if TYPE_CHECKING:
    from members.models.member import Member
    from members.models.skill import Skill, SkillRequest

#: The name of a field in the entries of the access log about topics that a representative opened.
OPENED_NAME = "skills"


class SkillQuerySet(models.QuerySet["Skill"]):
    def of(self, members: "Iterable[Member]") -> Self:
        """The skills of these members. Accepts a QuerySet or any iterable of members."""
        return self.filter(member__in=members)

    def shared(self) -> Self:
        """What representatives may see: shared topics of approved members who do not take a break."""
        return self.filter(is_shared=True, member__status__in=WELCOMED, member__paused_at=None)

    def shown_to(self, term: Representative) -> Self:
        """What the representative of this term sees: shared topics of the members of that place or chapter."""
        if term.chapter_id:
            return self.shared().filter(member__chapter=term.chapter_id)
        place = Q(member__region=term.region) | Q(member__region="", member__country=term.region)
        return self.shared().filter(place)

    def hidden_in_log_from(self, user: User) -> Q:
        """The access-log entries that would tell a representative, past or present, whose topic they opened when."""
        is_hidden = Representative.objects.filter(user=user).exists()
        return Q(object_kind="members.member", field_names=OPENED_NAME) if is_hidden else Q(pk__in=[])


class SkillRequestQuerySet(models.QuerySet["SkillRequest"]):
    def of(self, members: "Iterable[Member]") -> Self:
        """The questions to these members. Accepts a QuerySet or any iterable of members."""
        return self.filter(skill__member__in=members)

    def open(self) -> Self:
        return self.filter(state=self.model.State.ASKED)

    def to_answer(self) -> Self:
        """Open questions of representatives who still serve."""
        return self.open().filter(by__in=Representative.objects.serving())

    def asked_by(self, user: User) -> Self:
        return self.filter(by__user=user)

    def closing(self, skills: "Iterable[uuid.UUID]", user: User, today: date) -> Self:
        """The questions that keep this user from asking about these skills: their own one that is open or has a yes, or
        that they took back today; and any that got a no in the last days."""
        state = self.model.State
        own = Q(state__in=[state.ASKED, state.YES]) | Q(state=state.WITHDRAWN, answered_on=today)
        since = today - timedelta(days=settings.SKILL_REQUEST_DAYS)
        refused = Q(state=state.NO, answered_on__gt=since)
        return self.filter((own & Q(by__user=user)) | refused, skill__in=skills)
