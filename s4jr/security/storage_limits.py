"""How much strangers may add to the database, in bytes. Nothing is refused by where it comes from.

Each form is charged what it will take on disk. The hour's bytes are handed out in windows of five minutes, so that
somebody who uses one window up holds up others for minutes only. Of a window only the first part is for every form; the
rest is kept for forms that a person may have filled in, the next for short ones of these, and the last for short ones
from a peer that has not sent very many. People behind Tor are one peer: it alone never decides.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from s4jr.security.ratelimit import count_use, count_uses, give_back, peer_key, uses
from s4jr.security.submitted_fields import sent_fields

WINDOW, WINDOWS_AN_HOUR = "1/5m", 12
NO_ROOM_SECONDS = 300
HOUR, DAY = "1/h", "1/d"
#: Rows, their indexes and the email that answers, on disk, whatever was typed: see tests/attack/test_storage.py.
BYTES_EACH = 6_000
#: What a byte of text becomes on disk: UTF-8, padded, encrypted, base64.
GROWTH = 1.5
#: Bytes of text in a short form: several times what most people write.
SHORT = 4_000
ANY_FORM, CLEAN, SHORT_AND_CLEAN = 4 / 12, 7 / 12, 10 / 12
REFUSED = "forms refused"
#: For a form that stays on its own page.
NO_ROOM = _("We can’t take any forms right now. Nothing was sent. Wait five minutes, then try again.")


@dataclass(frozen=True)
class Intake:
    """Whether a form may be kept, and whether its peer has sent more than a person does: then somebody looks first."""

    has_room: bool
    is_over_cap: bool


def take_in(request, *, is_clean: bool) -> Intake:
    """Charge the form in this request. `is_clean`: no honeypot, a mark of ours, no faster than a hand."""
    text = text_bytes(request)
    charge = ("bytes taken in", "", WINDOW, BYTES_EACH + int(text * GROWTH))
    # Forms of machines are held anyway. They count for nobody, or a bot behind an exit node would hold people there up.
    total, of_peer = count_uses(charge, ("forms of a peer", peer_key(request), HOUR, int(is_clean)))
    is_over_cap = of_peer > settings.FORMS_FROM_ONE_PEER_AN_HOUR
    share = _share(is_clean, text <= SHORT, is_over_cap)
    has_room = total <= settings.INTAKE_BYTES_AN_HOUR / WINDOWS_AN_HOUR * share
    if not has_room:
        give_back(*charge)
        count_use(REFUSED, "", DAY)
    return Intake(has_room, is_over_cap)


def cannot_take(request) -> HttpResponse:
    """503: so much was sent lately that there is no room for more. The form stays on the page, as it was typed."""
    seen = {"held": sent_fields(request), "address": request.get_full_path()}
    response = render(request, "no_room.html", seen, status=503)
    response.headers["Retry-After"] = NO_ROOM_SECONDS
    return response


def refused_today() -> int:
    """How many forms found no room since the day began, in UTC."""
    return uses(REFUSED, "", DAY)


def text_bytes(request) -> int:
    """How long the form is in UTF-8, all its fields together."""
    return sum(len(value.encode(errors="replace")) for _name, values in request.POST.lists() for value in values)


def _share(is_clean, is_short, is_over_cap):
    if not is_clean:
        return ANY_FORM
    if not is_short:
        return CLEAN
    return SHORT_AND_CLEAN if is_over_cap else 1
