"""Roles in the admin: Django's groups, with what each may do in words."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.edit_conflicts import SEEN, LockedRowAdmin, SeenVersionForm
from s4jr.accounts.right_words import RIGHT_WORDS
from s4jr.accounts.role_choices import label_of, right_name, sentence_of
from s4jr.accounts.roles import GROUPS
from s4jr.accounts.services import delete_group, end_sessions_of_group
from s4jr.form_fields.names import NAME_RULES
from s4jr.form_fields.one_line import OneLineField

admin.site.unregister(Group)
#: What Django's own pages and messages call it.
Group._meta.verbose_name, Group._meta.verbose_name_plural = _("role"), _("roles")


class RightsField(forms.ModelMultipleChoiceField):
    """One labeled checkbox per right: Django's two-list widget has inputs without an accessible name."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Permission) -> str:
        return str(RIGHT_WORDS[right_name(obj)])


class RoleForm(SeenVersionForm):
    watched = ("name", "permissions")

    name = OneLineField(
        label=_("Name"),
        max_length=Group._meta.get_field("name").max_length,
        validators=NAME_RULES,
        error_messages={"unique": _("There is already a role with this name. Choose another one.")},
    )
    permissions = RightsField(Permission.objects.none(), label=_("This role can"), required=False)

    class Meta:
        model = Group
        fields = ["name", "permissions", SEEN]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_order = list(RIGHT_WORDS)
        found = [right for right in _rights() if right_name(right) in RIGHT_WORDS]
        found.sort(key=lambda right: in_order.index(right_name(right)))
        box: Any = self.fields["permissions"]
        box.queryset = _rights().filter(pk__in=[right.pk for right in found])
        box.choices = [(right.pk, box.label_from_instance(right)) for right in found]
        self.initial["permissions"] = [right for right in self.initial.get("permissions", []) if right in found]

    def clean_permissions(self) -> list[Permission]:
        """Rights that have no words, because nothing here asks for them, stay with the role."""
        chosen = list(self.cleaned_data["permissions"])
        if self.instance.pk is None:
            return chosen
        unshown = [right for right in _rights().filter(group=self.instance) if right_name(right) not in RIGHT_WORDS]
        return [*chosen, *unshown]


def _rights() -> QuerySet[Permission]:
    return Permission.objects.select_related("content_type")


@admin.register(Group)
class RolesAdmin(LockedRowAdmin, GroupAdmin):
    """Only a superuser changes what a role may do. Its users then sign in again."""

    actions = None
    form = RoleForm
    list_display = ["label", "what_it_can"]
    filter_horizontal = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("permissions__content_type")

    def name_of(self, row: Group) -> str:
        return label_of(row)

    @admin.display(description=_("role"), ordering="name")
    def label(self, role: Group) -> str:
        return label_of(role)

    @admin.display(description=_("what it can do"))
    def what_it_can(self, role: Group) -> str:
        return sentence_of(role, names_rights=True)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The site knows its own roles by their names, so these stay."""
        return ["label" if obj and obj.name in GROUPS else "name", "permissions", SEEN]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["label", "name"] if obj and obj.name in GROUPS else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "permissions" in form.changed_data:
            end_sessions_of_group(form.instance)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_group(obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """List the roles alone: what joins a role to its rights is no record to an admin."""
        _all, _counts, rights_missing, protected = super().get_deleted_objects(objs, request)
        roles = [label_of(role) for role in objs]
        return roles, {self.opts.verbose_name_plural: len(roles)}, rights_missing, protected

    def saved_in_words(self, row: Group) -> str:
        text = gettext(
            "“%(name)s” is saved. If its rights changed, everyone with this role is signed out now. "
            "No email was sent. To undo, change it back here."
        )
        return text % {"name": label_of(row)}

    def deleted_in_words(self, name: str) -> str:
        text = gettext(
            "The role “%(name)s” is deleted. Users with no other role can’t open the admin anymore. "
            "No email was sent. You can’t undo this."
        )
        return text % {"name": label_of(Group(name=name))}
