"""What admins changed. An unchanged text is the file's: see `files.py`."""

import secrets
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from s4jr.content import data_inventory
from s4jr.content.files import TextFile, digest, file_for
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from django.db.models.manager import RelatedManager

#: Key prefix of texts without a file, one for each place; a page that shows one loads it alone.
PLACES = "places/"


#: The primary key of the only row.
CURRENT = 1
_Shown = TypeVar("_Shown", bound=models.Model)


def new_name() -> int:
    """A random number: no rollback, restored backup or test flush brings an old name back."""
    return secrets.randbits(62)


class CacheVersionManager(models.Manager["CacheVersion"]):
    def current(self) -> int | None:
        """The name of the current cache version; None before the first."""
        return self.filter(pk=CURRENT).values_list("name", flat=True).first()

    def begin(self) -> None:
        """Invalidate what pages show; call it in the transaction of the change."""
        name = new_name()
        if not self.filter(pk=CURRENT).update(name=name):
            self.bulk_create([CacheVersion(pk=CURRENT, name=name)], ignore_conflicts=True)


class CacheVersion(models.Model):
    """The name of what pages show now; see `cache_version.py`."""

    inventory = data_inventory.CACHE_VERSION

    name = models.BigIntegerField(_("name"))

    objects: ClassVar[CacheVersionManager] = CacheVersionManager()

    class Meta:
        verbose_name = _("cache version")
        verbose_name_plural = _("cache versions")
        constraints = [models.CheckConstraint(condition=Q(pk=CURRENT), name="one_cache_version_is_current")]

    def __str__(self) -> str:
        return f"cache version {self.name:x}"


class ShownQuerySet(models.QuerySet[_Shown]):
    """Rows that pages show: bulk changes, which send no signal, begin a new cache version too."""

    @transaction.atomic
    def update(self, **values: Any) -> int:
        CacheVersion.objects.begin()
        return super().update(**values)

    @transaction.atomic
    def bulk_create(self, *rows: Any, **options: Any) -> list[Any]:
        CacheVersion.objects.begin()
        return super().bulk_create(*rows, **options)


class TextBlockQuerySet(ShownQuerySet["TextBlock"]):
    def edited(self) -> Self:
        return self.exclude(edit="")

    def hidden(self) -> Self:
        return self.filter(is_hidden=True)

    def outdated(self) -> Self:
        """Edited texts whose file has changed since: an admin should compare the two."""
        return self.filter(pk__in=[text_block.pk for text_block in self.edited() if text_block.is_outdated])

    def differing_from_files(self) -> Self:
        """All texts that readers see differently from the files: few rows, which every page loads at once.

        Texts about places are excluded: there may be hundreds, and each is on one page only.
        """
        return self.filter(~Q(edit="") | Q(is_hidden=True)).exclude(key__startswith=PLACES)

    def in_order_of_languages(self) -> Self:
        """In the order of the settings, English first."""
        order = [When(language=code, then=number) for number, (code, _name) in enumerate(settings.LANGUAGES)]
        return self.order_by("key", Case(*order))


class TextBlock(models.Model):
    """One text in one language. Readers see the edit, if there is one, instead of the file."""

    inventory = data_inventory.TEXT_BLOCK
    shown_on_pages = True

    key = models.CharField(_("text"), max_length=120)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    edit = models.TextField(
        _("edited text"), blank=True, default="", help_text=_("If empty, readers see the original text.")
    )
    edited_from = models.CharField(max_length=64, blank=True, default="", editable=False)
    is_hidden = models.BooleanField(_("hidden"), default=False, help_text=_("A hidden text isn’t on any public page."))
    updated_at = models.DateTimeField(_("changed"), null=True, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )

    revisions: "RelatedManager[TextBlockRevision]"

    objects: ClassVar[TextBlockQuerySet] = manager_of(TextBlockQuerySet)

    class Meta:
        verbose_name = _("page text")
        verbose_name_plural = _("page text")
        ordering = ["key", "language"]
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="one_text_block_a_key_and_language")]

    def __str__(self) -> str:
        return f"{self.key} ({self.language})"

    @property
    def file(self) -> TextFile | None:
        return file_for(self.key, self.language)

    @property
    def text(self) -> str:
        """The words readers see, including the title line."""
        return self.edit or self.file_text

    @property
    def file_text(self) -> str:
        return self.file.text if self.file else ""

    @property
    def is_outdated(self) -> bool:
        return bool(self.edit) and self.edited_from != digest(self.file_text)


class TextBlockRevision(models.Model):
    """What readers saw until an edit replaced it."""

    inventory = data_inventory.REVISION

    text_block = models.ForeignKey(TextBlock, models.CASCADE, related_name="revisions")
    text_block_id: int
    text = models.TextField(_("text"))
    replaced_at = models.DateTimeField(_("replaced"), auto_now_add=True)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("replaced by")
    )

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.text_block_id}, {self.replaced_at:%Y-%m-%d}"
