"""Messages from one representative to all of them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models.representative import Representative
from chapters.representatives import data_inventory
from chapters.representatives.querysets import GroupMessageQuerySet
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of


class GroupMessage(models.Model):
    """A message that a representative wrote to all representatives. They read it on the site, never in an email."""

    inventory = data_inventory.GROUP_MESSAGE

    term = models.ForeignKey(Representative, models.CASCADE, editable=False, related_name="group_messages")
    words = EncryptedTextField(_("text"), context="group_message.words", editable=False)
    sent_on = models.DateField(_("sent"), editable=False)
    form_token = models.CharField(max_length=64, unique=True, editable=False)

    objects: ClassVar[GroupMessageQuerySet] = manager_of(GroupMessageQuerySet)

    class Meta:
        verbose_name = _("message to all representatives")
        verbose_name_plural = _("messages to all representatives")
        default_permissions = ()

    def __str__(self) -> str:
        return f"group message {self.pk}"
