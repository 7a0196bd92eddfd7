"""The list of saved replies, and of the sample answers of representatives.

Everyone who answers inquiries, or messages that the coalition took over, edits saved replies. Editors edit sample
answers.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.inquiries.permissions import reads_any_topic
from s4jr.accounts.edit_conflicts import SEEN, LockedRowAdmin, SeenVersionForm
from s4jr.accounts.models import User
from s4jr.accounts.repeated_form import RepeatedFormMixin
from s4jr.accounts.requests import signed_in_user
from s4jr.conversations.models import SavedReply
from s4jr.form_fields.long_text import LongTextField

#: Editors keep the sample answers, beside the handbook.
EDITS = "content.change_textblock"


class SavedReplyEditForm(SeenVersionForm):
    watched = ("audience", "title", "language", "text")

    text = LongTextField(
        label=_("Text"),
        help_text=SavedReply._meta.get_field("text").help_text,
        widget=forms.Textarea({"rows": 12, "cols": 72, "autocomplete": "off"}),
    )

    class Meta:
        model = SavedReply
        fields = ["audience", "title", "language", "text", SEEN]


def kept_by(user: User) -> list[SavedReply.Audience]:
    """For whose answers this user may keep texts."""
    answers = reads_any_topic(user) or user.has_perm("chapters.take_over")
    kept = {SavedReply.Audience.ADMINS: answers, SavedReply.Audience.REPRESENTATIVES: user.has_perm(EDITS)}
    return [audience for audience, is_kept in kept.items() if is_kept]


@admin.register(SavedReply)
class SavedReplyAdmin(RepeatedFormMixin, LockedRowAdmin):
    form = SavedReplyEditForm
    may_add_again = True
    list_display = ["title", "language", "audience"]
    list_filter = ["audience"]
    list_per_page = 50
    sortable_by = ()
    show_full_result_count = False
    actions = None

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": gettext("Saved replies"), **(extra_context or {})})

    def saved_in_words(self, row: SavedReply) -> str:
        text = gettext(
            "The saved reply “%(name)s” is saved. Everyone who answers messages can use it now. "
            "No email was sent. To undo, change it back here."
        )
        return text % {"name": row.title}

    def deleted_in_words(self, name: str) -> str:
        text = gettext(
            "The saved reply “%(name)s” is deleted, and no one can use it anymore. "
            "No email was sent. You can’t undo this, but you can add it again."
        )
        return text % {"name": name}

    def has_view_permission(self, request: HttpRequest, obj: SavedReply | None = None) -> bool:
        kept = kept_by(signed_in_user(request))
        return obj.audience in kept if obj else bool(kept)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedReply]:
        return super().get_queryset(request).filter(audience__in=kept_by(signed_in_user(request)))

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offers only what the user may keep."""
        if db_field.name == "audience":
            kept = kept_by(signed_in_user(request))
            kwargs["choices"] = [(audience.value, audience.label) for audience in kept]
            kwargs["initial"] = kept[0]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
