from django import template

from s4jr.mail.health import MailHealth
from s4jr.mail.health import mail_health as health_now

register = template.Library()


@register.simple_tag
def mail_health() -> MailHealth:
    """`{% mail_health as emails %}`: whether emails are sent. See `s4jr.mail.health.MailHealth`."""
    return health_now()
