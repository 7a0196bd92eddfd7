"""Messages of hosts to everyone who is going to a meeting."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models import Meeting
from members import data_inventory
from members.rsvps.querysets import MeetingMessageQuerySet
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of


class MeetingMessage(models.Model):
    """One message of a host, sent once. People who get discreet emails, or none, read it on the page of their RSVP."""

    inventory = data_inventory.MEETING_MESSAGE

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="messages")
    text = EncryptedTextField(_("message"), context="meetingmessage.text")
    form_token = models.CharField(max_length=64, editable=False, help_text=_("The ID of the form, sent once."))
    sent_at = models.DateTimeField(editable=False)

    meeting_id: uuid.UUID

    objects: ClassVar[MeetingMessageQuerySet] = manager_of(MeetingMessageQuerySet)

    class Meta:
        verbose_name = _("message to people who are going")
        verbose_name_plural = _("messages to people who are going")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "form_token"], name="a_message_of_a_form_once"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"
