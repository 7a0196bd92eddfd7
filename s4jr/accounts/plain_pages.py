"""Django's pages of one record in our words: what a message, a delete page and a history say.

`StaffAdminSite` puts this class between every ModelAdmin and Django's, so a ModelAdmin that says more overrides it.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import StrPromise


class PlainPages(ModelAdmin):
    #: The button of the list that adds a row; "" for Django's "Add" and the name of the model.
    add_label: "StrPromise | str" = ""
    #: The heading of the list; "" for the name of its rows.
    list_title: "StrPromise | str" = ""
    #: What to do if other records keep this one from being deleted.
    instead_of_deleting: "StrPromise | str" = _("Change or delete those first.")

    def name_of(self, row: Any) -> str:
        """What admins call this row in titles, breadcrumbs and messages."""
        return str(row)

    # --- after a change: what changed, that no email left, and how to undo it

    def added_in_words(self, row: Any, *, may_delete: bool) -> str:
        text = (
            gettext("“%(name)s” is added. No email was sent. To undo, open it here and delete it.")
            if may_delete
            else gettext("“%(name)s” is added. No email was sent. You can change it here.")
        )
        return text % {"name": self.name_of(row)}

    def saved_in_words(self, row: Any) -> str:
        text = gettext("“%(name)s” is saved. No email was sent. To undo, change it back here.")
        return text % {"name": self.name_of(row)}

    def deleted_in_words(self, name: str) -> str:
        return gettext("“%(name)s” is deleted. No email was sent. You can’t undo this.") % {"name": name}

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        said = self.added_in_words(obj, may_delete=self.has_delete_permission(request, obj))
        self.message_user(request, said, messages.SUCCESS)
        return self.response_post_save_add(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        self.message_user(request, self.saved_in_words(obj), messages.SUCCESS)
        return self.response_post_save_change(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return super().response_delete(request, obj_display, obj_id)
        self.message_user(request, self.deleted_in_words(obj_display), messages.SUCCESS)
        return self.response_post_save_change(request, None)

    # --- pages

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context.setdefault("record_name", self.name_of(obj))
            if context.get("subtitle") == str(obj):
                context["subtitle"] = context["record_name"]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        name = self.name_of(context["object"])
        is_kept = context["protected"] or context["perms_lacking"]
        title = gettext("You can’t delete “%(name)s”") if is_kept else gettext("Delete “%(name)s”?")
        shown = {"title": title % {"name": name}, "record_name": name, "instead": self.instead_of_deleting}
        return super().render_delete_form(request, {**context, **shown})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response: Any = super().history_view(request, object_id, extra_context)
        if context := getattr(response, "context_data", None):
            name = self.name_of(context["object"])
            context |= {"title": gettext("History of “%(name)s”") % {"name": name}, "record_name": name}
        return response

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Django names the ID in its message. This one says what to do."""
        said = gettext("What you were looking for isn’t here anymore. Someone may have deleted it. Nothing changed.")
        self.message_user(request, said, messages.WARNING)
        return self.response_post_save_change(request, None)
