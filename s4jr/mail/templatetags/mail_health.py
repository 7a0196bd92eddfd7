from django import template

from s4jr.mail.health import mail_health as health_now

register = template.Library()


@register.simple_tag
def mail_health():
    """`{% mail_health as emails %}`: do emails leave? See `s4jr.mail.health.MailHealth`."""
    return health_now()
