"""A ModelAdmin for rows with a unique field: a form that is sent twice at once saves one row and shows an error."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from s4jr.conflicts import retry_on_conflict


class RepeatedFormMixin(admin.ModelAdmin):
    """Mix in before ModelAdmin. Of two requests at the same moment the second validates its form once more."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        show = super().changeform_view
        return retry_on_conflict(lambda: show(request, *args, **kwargs))
