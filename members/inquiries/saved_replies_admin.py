"""The list of saved replies. Everyone who answers inquiries, or messages that the coalition took over, may edit it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.inquiries.permissions import reads_any_topic
from s4jr.accounts.repeated_form import RepeatedFormMixin
from s4jr.accounts.requests import signed_in_user
from s4jr.conversations.models import SavedReply
from s4jr.form_fields.long_text import LongTextField


class SavedReplyEditForm(forms.ModelForm):
    text = LongTextField(
        label=_("Text"),
        help_text=SavedReply._meta.get_field("text").help_text,
        widget=forms.Textarea({"rows": 12, "cols": 72, "autocomplete": "off"}),
    )

    class Meta:
        model = SavedReply
        fields = ["title", "language", "text"]


@admin.register(SavedReply)
class SavedReplyAdmin(RepeatedFormMixin, admin.ModelAdmin):
    form = SavedReplyEditForm
    list_display = ["title", "language"]
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
        user = signed_in_user(request)
        return reads_any_topic(user) or user.has_perm("chapters.take_over")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
