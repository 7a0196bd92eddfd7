from django import template

from s4jr.mail.health import Lateness, MailHealth, emails_are_late
from s4jr.mail.health import mail_health as health_now
from s4jr.mail.models import SendingPause
from s4jr.mail.pause_advice import ADVICE

register = template.Library()


@register.simple_tag
def mail_health() -> MailHealth:
    """`{% mail_health as emails %}`: whether emails are sent. See `s4jr.mail.health.MailHealth`."""
    return health_now()


@register.simple_tag
def sending_pause() -> SendingPause | None:
    """`{% sending_pause as pause %}`: why no email is sent now, as a `SendingPause`; None if sending isn't paused."""
    return SendingPause.objects.active().first()


@register.filter
def advice(pause: SendingPause) -> str:
    """`{{ pause|advice }}`: what to do about it."""
    return str(ADVICE[SendingPause.Cause(pause.cause)])


@register.simple_tag
def email_lateness() -> Lateness:
    """`{% email_lateness as late %}`: for pages that asked for an email. See `s4jr.mail.health.emails_are_late`."""
    return emails_are_late()
