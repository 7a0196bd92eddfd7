"""Deciding about an offer: taking it up, "not now", opening the chapter that was asked for, letting one through."""

from django.db import models, transaction
from django.utils import timezone

from chapters.volunteer_offers import emails
from s4jr.audit.models import AccessLog
from s4jr.mail.services import queue_emails

Action = AccessLog.Action


class DecidingQuerySet(models.QuerySet):
    """Each verb is for the one offer here, and False where somebody has decided about it before."""

    def take_up(self, by):
        """Yes, gladly: whoever offered is told that somebody would like to talk."""
        return self._decide(self.model.State.TAKEN_UP, by, emails.taken_up)

    def not_now(self, by):
        """Kindly. Whoever offered is told, if that is safe."""
        return self._decide(self.model.State.NOT_NOW, by, emails.not_now)

    def close_as_appointed(self, by):
        """Whoever offered has just been appointed: the invitation is their email, and the talk is over."""
        with transaction.atomic():
            self._decide(self.model.State.TAKEN_UP, by)
            return self.note_talk(by)

    def note_talk(self, by):
        """Somebody talked with whoever offered: it leaves the list of those to talk with."""
        with transaction.atomic():
            won = self.filter(state=self.model.State.TAKEN_UP, talked_on=None).update(talked_on=timezone.now().date())
            if won:
                self._note(by, Action.CHANGED, "talked_on")
        return won == 1

    def open_chapter(self, by, **facts):
        """Open the chapter that was asked for, as a coordinator has read it through. Returns it, or None."""
        chapters = self.model._meta.get_field("chapter").related_model
        with transaction.atomic():
            asked = self.filter(kind=self.model.Kind.START_CHAPTER, chapter=None)
            if not asked.take_up(by):
                return None
            chapter = chapters.objects.create(status=chapters.Status.OPEN, **facts)
            self.update(chapter=chapter)
            AccessLog.objects.note(who=by, action=Action.CHANGED, records=[chapter], field_names=sorted(facts))
        return chapter

    def unflag(self, by):
        """A person wrote this: it waits like any other."""
        won = self.flagged().update(flag_reason="")
        if won:
            self._note(by, Action.CHANGED, "flag_reason")
        return won == 1

    def _decide(self, state, by, email=None):
        today = timezone.now().date()
        with transaction.atomic():
            waits = self.filter(state=self.model.State.WAITING)
            won = waits.update(state=state, decided_on=today, decided_by=by, flag_reason="")
            if won:
                self._note(by, Action.DECIDED, "state")
                self._write(email)
        return won == 1

    def _write(self, email):
        queue_emails([email(offer) for offer in self.filter(email_index__isnull=False) if email])

    def _note(self, by, action, field_name):
        AccessLog.objects.note(who=by, action=action, records=list(self.only("number")), field_names=[field_name])
