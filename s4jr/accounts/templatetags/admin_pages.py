"""What every admin page shows around its content: the navigation, and what Django's templates cannot say."""

from typing import Any

from django import template
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from s4jr.accounts.admin_navigation import Navigation, navigation_for

register = template.Library()


@register.simple_tag(takes_context=True)
def admin_navigation(context: Context) -> Navigation | None:
    """`{% admin_navigation as navigation %}`: the six sections on this page, or None without an admin."""
    request: Any = context.get("request")
    user = getattr(request, "user", None)
    return navigation_for(request) if user is not None and user.is_active and user.is_staff else None


@register.simple_tag
def has_history(record: Model | None) -> bool:
    """Whether Django's log of changes has an entry about this record: else its page would be empty."""
    if record is None or record.pk is None:
        return False
    kind = ContentType.objects.get_for_model(record, for_concrete_model=False)
    return LogEntry.objects.filter(content_type=kind, object_id=str(record.pk)).exists()


@register.simple_tag
def labelled_cells(cells: list[SafeString], headers: list[dict[str, Any]]) -> list[SafeString]:
    """The cells of a row of a list with the heading of their column, which a narrow page shows beside each.

    Django gives a cell as `<td class="…">…</td>`, in the order of the headings; a form field may follow the last one.
    """
    return [_labelled(cell, header) for cell, header in zip(cells, headers, strict=False)] + list(cells[len(headers) :])


def _labelled(cell, header):
    name = "td" if cell.startswith("<td") else "th"
    role = "cell" if name == "td" else "rowheader"
    label = "" if "action-checkbox" in header.get("class_attrib", "") else header["text"]
    begin = format_html('<{} role="{}" data-label="{}"', name, role, label)
    return mark_safe(begin + cell.removeprefix(f"<{name}"))  # noqa: S308  the cell is Django's own HTML
