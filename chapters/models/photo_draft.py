"""Photos that representatives uploaded and have not saved yet."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chapters.models.representative import Representative
from chapters.representatives import data_inventory
from chapters.representatives.querysets import PhotoDraftQuerySet
from s4jr.managers import manager_of


class PhotoDraft(models.Model):
    """The photo of a profile that is being previewed. Only its owner sees it; it is deleted within two hours."""

    inventory = data_inventory.PHOTO_DRAFT

    term_id: uuid.UUID

    id = models.UUIDField(primary_key=True, editable=False)
    term = models.OneToOneField(Representative, models.CASCADE, editable=False, related_name="photo_draft")
    photo = models.BinaryField(help_text=_("WebP, at most 60 KB, with nothing in the file but the picture."))
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[PhotoDraftQuerySet] = manager_of(PhotoDraftQuerySet)

    class Meta:
        verbose_name = _("photo of a preview")
        verbose_name_plural = _("photos of previews")
        default_permissions = ()

    def __str__(self) -> str:
        return f"photo draft of {self.term_id}"
