"""What an admin is told after a step: which message, what leaves by email, and how to undo it."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from chapters.models import ConversationMessage, RepresentativeMessage
from s4jr.conversations.notices import choose_delivery_notice
from s4jr.mail.models import Suppression


def link_to(message: RepresentativeMessage) -> SafeString:
    """Its number, as a link to its page."""
    url = reverse("admin:chapters_representativemessage_change", args=[message.pk])
    return format_html('<a href="{}">{}</a>', url, message.number)


def unflagged(message: RepresentativeMessage) -> str:
    """Without a link: the message has no page anymore."""
    return gettext(
        "Marked as not spam: message No. %(number)s. We email the representative that a message is waiting, at most "
        "once an hour. You can’t undo this, but the representative can close it or block the sender."
    ) % {"number": message.number}


def not_unflagged(message: RepresentativeMessage) -> str:
    said = gettext("Message No. %(number)s changed a moment ago, or someone read it. You changed nothing.")
    return said % {"number": message.number}


def not_taken_over(message: RepresentativeMessage) -> str:
    said = gettext("Message No. %(number)s was taken over or read a moment ago. You changed nothing.")
    return said % {"number": message.number}


def taken_over(message: RepresentativeMessage) -> SafeString:
    said = gettext(
        "You’ve taken over message No. {number}. It’s no longer with the representative. No email leaves. You can’t "
        "give it back, but any coordinator can answer it."
    )
    return format_html(said, number=link_to(message))


def answered(message: RepresentativeMessage) -> SafeString:
    how = choose_delivery_notice(
        message,
        by_code=gettext("We won’t email them. They read it with their code."),
        by_notice=gettext("An email tells them that an answer is waiting, and nothing else. It leaves within seconds."),
        by_email=gettext("We’ll email it to them, without your address. The email leaves within seconds."),
        is_stopped=message.gets_emails and bool(Suppression.objects.reason_for(message.email_index)),
    )
    said = gettext(
        "Your answer to message No. {number} is saved. {how} You can’t take it back, but you can answer again."
    )
    return format_html(said, number=link_to(message), how=how)


def closed(message: RepresentativeMessage) -> SafeString:
    said = gettext(
        "Message No. {number} is closed without an answer. No email leaves. To undo this, open it and select “Reopen.”"
    )
    return format_html(said, number=link_to(message))


def reopened(message: RepresentativeMessage) -> SafeString:
    said = gettext("Message No. {number} is waiting for an answer again. No email leaves. To undo this, close it.")
    return format_html(said, number=link_to(message))


def _link_to_report(word: ConversationMessage) -> SafeString:
    url = reverse("admin:chapters_conversationmessage_change", args=[word.pk])
    return format_html('<a href="{}">{}</a>', url, word.conversation.number)


def settled(word: ConversationMessage) -> SafeString:
    said = gettext(
        "The report in conversation No. {number} is marked as settled. No email leaves. To undo this, open it and "
        "select “Look into it again.”"
    )
    return format_html(said, number=_link_to_report(word))


def unsettled(word: ConversationMessage) -> SafeString:
    said = gettext(
        "The report in conversation No. {number} is waiting again. No email leaves. To undo this, mark it as settled."
    )
    return format_html(said, number=_link_to_report(word))


def changed_report(word: ConversationMessage) -> SafeString:
    said = gettext("Someone else changed the report in conversation No. {number} a moment ago. You changed nothing.")
    return format_html(said, number=_link_to_report(word))
