"""Services for a message from one representative to all of them.

The others read it on the site. The email says only that a message is there, at most once a day.
"""

from collections.abc import Iterable
from functools import partial
from operator import attrgetter

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from chapters.models import GroupMessage, Representative
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.content.live_texts import TextsOf, texts_by_language
from s4jr.crypto.blind_index import keyed_hash
from s4jr.crypto.fields import readable, readable_rows
from s4jr.mail.emails import Email, write_from
from s4jr.mail.services import queue_emails
from s4jr.security.ratelimit import spend
from s4jr.security.row_by_row import made_for_each

KIND = "admin-group-message"
#: How often one user may write to all, in whatever terms they serve.
RATE = "1/d"


@transaction.atomic
def send_to_all(term: Representative, words: str, form_token: str) -> bool:
    """Stores a message, and emails all other representatives that it is there.

    A form that is sent twice is one message; with other words it is another one. Returns False if its writer sent
    another one today.
    """
    mark = keyed_hash("message to all representatives", f"{form_token} {words}")
    if GroupMessage.objects.filter(form_token=mark).exists():
        return True
    if not spend("message to all representatives", f"user {term.user_id}", RATE):
        return GroupMessage.objects.filter(form_token=mark).exists()
    today = timezone.now().date()
    message = GroupMessage.objects.create(term=term, words=words, sent_on=today, form_token=mark)
    log_access(who=term.user, action=AccessLog.Action.SENT, records=[message], field_names=["words"])
    queue_emails(made_for_each(_recipients(term), partial(_write_email, texts=texts_by_language())))
    return True


def _recipients(sender: Representative) -> list[Representative]:
    """The first current term of every other user who serves."""
    serving = Representative.objects.serving().exclude(user=sender.user_id).select_related("user")
    return list({term.user_id: term for term in serving.order_by("-begins_on", "-pk")}.values())


def _write_email(term: Representative, texts: TextsOf) -> Email:
    """Names neither the coalition nor the writer. The key has the day: a second message that day sends no email."""
    with translation.override(term.language):
        link = settings.SITE_URL + reverse("representatives_together")
    subject, body = write_from(texts(term.language).text(f"emails/{KIND}"), link=link)
    return Email(
        to=readable(term.user, "address"),
        subject=subject,
        body=body,
        kind=KIND,
        dedupe_key=f"{KIND}:{timezone.now().date()}:{term.user_id}",
        about=term.about,
        language=term.language,
    )


def read_messages(messages: Iterable[GroupMessage], *, by: User) -> list[GroupMessage]:
    """Those of `messages` that can be decrypted. Writes to the access log who read them."""
    found = readable_rows(messages, attrgetter("words"))
    log_access(who=by, action=AccessLog.Action.OPENED, records=found, field_names=["words"])
    return found


@transaction.atomic
def delete_message(pk: int, *, by: User) -> bool:
    """Deletes a message of the user's own, or any if they settle reports. Returns False if it was gone already."""
    found = GroupMessage.objects.deletable_by(by).filter(pk=pk)
    log_access(who=by, action=AccessLog.Action.ERASED, records=found.only("pk"))
    return bool(found.delete()[0])
