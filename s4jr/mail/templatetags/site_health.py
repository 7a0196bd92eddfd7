from typing import Any

from django import template

from s4jr.audit.unreadable_values import unreadable_now
from s4jr.beat_schedule import READ_BOUNCES
from s4jr.mail.task_health import late_tasks
from s4jr.security.failed_steps import failures_today
from s4jr.security.storage_limits import refused_today

register = template.Library()


@register.simple_tag
def site_health() -> dict[str, Any]:
    """`{% site_health as health %}`: what admins should know about the site, in numbers and names of tasks."""
    late = late_tasks()
    return {
        "refused": refused_today(),
        "unreadable": unreadable_now(),
        "failed": failures_today(),
        "late": [task for task in late if task != READ_BOUNCES],
        "bounces_unread": READ_BOUNCES in late,
    }
