"""Limits how many bytes visitors may add to the database. Nothing is refused because of where it comes from.

Each form is charged the disk space it will take. An hour's bytes are divided into windows of five minutes, so that
using up one window delays others for minutes only. The first part of a window is for every form; the second for forms
that a person may have filled in, the third for short ones of these, and the last for short ones from an IP address that
has not sent very many. People behind Tor share addresses: the address alone never decides.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from s4jr.security.ratelimit import count_use, count_uses, give_back, peer_key, uses
from s4jr.security.submitted_fields import sent_fields

WINDOW, WINDOWS_AN_HOUR = "1/5m", 12
NO_ROOM_SECONDS = 300
HOUR, DAY = "1/h", "1/d"
#: Disk space of the rows, indexes and confirmation email of any form: see tests/attack/test_storage.py.
BYTES_EACH = 6_000
#: Disk space per byte of UTF-8 text: padded, encrypted, base64.
GROWTH = 1.5
#: Bytes of text in a short form: several times what most people write.
SHORT = 4_000
ANY_FORM, CLEAN, SHORT_AND_CLEAN = 4 / 12, 7 / 12, 10 / 12
REFUSED = "forms refused"
#: The error of a form that is shown again on its own page.
NO_ROOM = _("We can’t take any forms right now. Nothing was sent. Wait five minutes, then try again.")


@dataclass(frozen=True)
class Intake:
    """Whether a form may be stored, and whether its IP address sent more than a person would: then it is flagged."""

    has_room: bool
    is_over_cap: bool


def take_in(request: HttpRequest, *, is_clean: bool) -> Intake:
    """Charge the form in this request. `is_clean`: no honeypot, a token of ours, and not faster than a person."""
    text = text_bytes(request)
    charge = ("bytes taken in", "", WINDOW, BYTES_EACH + int(text * GROWTH))
    # Forms of bots are flagged anyway. They are not counted, or a bot behind a Tor exit would slow down people there.
    total, of_peer = count_uses(charge, ("forms of a peer", peer_key(request), HOUR, int(is_clean)))
    is_over_cap = of_peer > settings.FORMS_FROM_ONE_PEER_AN_HOUR
    share = _share(is_clean, text <= SHORT, is_over_cap)
    has_room = total <= settings.INTAKE_BYTES_AN_HOUR / WINDOWS_AN_HOUR * share
    if not has_room:
        give_back(*charge)
        count_use(REFUSED, "", DAY)
    return Intake(has_room, is_over_cap)


def cannot_take(request: HttpRequest) -> HttpResponse:
    """503 if there is no room for more forms at the moment. The page holds the form as it was typed."""
    seen = {"held": sent_fields(request), "address": request.get_full_path()}
    response = render(request, "no_room.html", seen, status=503)
    response["Retry-After"] = NO_ROOM_SECONDS
    return response


def refused_today() -> int:
    """How many forms were refused since the day began, in UTC."""
    return uses(REFUSED, "", DAY)


def text_bytes(request: HttpRequest) -> int:
    """The total length of the form's fields in UTF-8."""
    return sum(len(value.encode(errors="replace")) for _name, values in request.POST.lists() for value in values)


def _share(is_clean, is_short, is_over_cap):
    if not is_clean:
        return ANY_FORM
    if not is_short:
        return CLEAN
    return SHORT_AND_CLEAN if is_over_cap else 1
