"""What an admin is told after a step: which inquiry, what leaves by email, and how to undo it."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from members.models import Inquiry
from s4jr.conversations.notices import choose_delivery_notice
from s4jr.mail.models import Suppression


def link_to(inquiry: Inquiry) -> SafeString:
    """Its number, as a link to its page."""
    url = reverse("admin:members_inquiry_change", args=[inquiry.pk])
    return format_html('<a href="{}">{}</a>', url, inquiry.number)


def answered(inquiry: Inquiry) -> SafeString:
    how = choose_delivery_notice(
        inquiry,
        by_code=gettext("We won’t email them. They read it with their code."),
        by_notice=gettext("An email tells them that an answer is waiting, and nothing else. It leaves within seconds."),
        by_email=gettext("We’ll email it to them. The email leaves within seconds."),
        is_stopped=has_stopped_emails(inquiry),
    )
    said = gettext(
        "Your answer to inquiry No. {number} is saved. {how} You can’t take it back, but you can answer again."
    )
    return format_html(said, number=link_to(inquiry), how=how)


def closed(inquiry: Inquiry) -> SafeString:
    said = gettext(
        "Inquiry No. {number} is closed without an answer. No email leaves. To undo this, open it and select “Reopen.”"
    )
    return format_html(said, number=link_to(inquiry))


def reopened(inquiry: Inquiry) -> SafeString:
    said = gettext("Inquiry No. {number} is waiting for an answer again. No email leaves. To undo this, close it.")
    return format_html(said, number=link_to(inquiry))


def unflagged(inquiry: Inquiry) -> SafeString:
    said = gettext(
        "Marked as not spam: inquiry No. {number} is waiting for an answer. We email its other readers, at most once "
        "an hour. If it is spam after all, close it without an answer."
    )
    return format_html(said, number=link_to(inquiry))


def handed_over(inquiry: Inquiry, topic: str) -> str:
    """Without a link: perhaps this user can no longer read it."""
    said = gettext(
        "Inquiry No. %(number)s is handed over to “%(topic)s.” We email the volunteers who read that topic, at most "
        "once an hour. To undo this, one of them can hand it back."
    )
    return said % {"number": inquiry.number, "topic": Inquiry.Topic(topic).label}


def claimed(inquiry: Inquiry) -> SafeString:
    """For an inquiry as it is after the claim."""
    said = gettext(
        "You have inquiry No. {number} until {day}. No email leaves, and others see that you have it. To undo this, "
        "select “Give it back.”"
    )
    until = inquiry.claimed_until
    return format_html(said, number=link_to(inquiry), day=date_format(until) if until else "")


def unclaimed(inquiry: Inquiry) -> SafeString:
    said = gettext("You gave back inquiry No. {number}. No email leaves. To undo this, open it and take it again.")
    return format_html(said, number=link_to(inquiry))


def not_claimed(inquiry: Inquiry) -> SafeString:
    """Someone else was first, or its sender wrote more."""
    if inquiry.holder:
        said = gettext("Inquiry No. {number} is with {who} now. You can open it, and take it over.")
    else:
        said = gettext("Inquiry No. {number} changed a moment ago, so you didn’t take it. Read what’s new first.")
    return format_html(said, number=link_to(inquiry), who=inquiry.holder)


def has_stopped_emails(inquiry: Inquiry) -> bool:
    """Whether the sender asked for emails, and emails to their address are stopped."""
    return inquiry.gets_emails and bool(Suppression.objects.reason_for(inquiry.email_index))
