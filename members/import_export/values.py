"""Reads the words in the cells of a list, in English, French and Spanish, and the codes that programs write.

The labels of our own choices are read in each language of the site, because our export writes them.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import override

from members.applications.ways_to_help import WAYS_TO_HELP
from members.models import Member
from s4jr.erasure.record_numbers import NUMBER_BYTES
from s4jr.invisible_marks import without_marks
from s4jr.tables.languages import language_named
from s4jr.tables.titles import has_words, plain_title

#: The status of people who are in: of members, guests and subscribers.
APPROVED = {
    "approved", "active", "member", "enabled", "subscribed", "attending", "checked_in", "going", "accepted",
    "approuve", "approuvee", "actif", "membre", "accepte", "acceptee", "abonne", "abonnee",
    "aprobado", "aprobada", "activo", "activa", "miembro", "aceptado", "aceptada", "suscrito", "suscrita",
}  # fmt: skip
#: Other words that a column of statuses has. A column with one of these is one, if its title may mean a place too.
_OTHER_STATUSES = {
    "pending", "pending_approval", "waitlist", "waitlisted", "invited", "denied", "declined", "rejected", "blocklisted",
    "disabled", "inactive", "unsubscribed", "en_attente", "refuse", "refusee", "inactif", "pendiente",
    "en_espera", "rechazado", "rechazada", "inactivo", "inactiva",
}  # fmt: skip
_YES = {"yes", "y", "true", "1", "on", "x", "checked", "oui", "o", "vrai", "si", "s", "verdadero",
        "opted_in", "opt_in", "subscribed", "ok", "abonne", "abonnee", "suscrito", "suscrita"}  # fmt: skip
_NO = {"no", "n", "false", "0", "off", "non", "faux", "falso"}
#: A cell that means a no to emails in a column of any title, such as one for tags.
_STOPS = {
    "unsubscribed", "opted_out", "opt_out", "do_not_email", "do_not_contact", "blocklisted", "blacklisted",
    "desabonne", "desabonnee", "desinscrit", "desinscrite", "ne_pas_contacter", "ne_pas_ecrire", "dado_de_baja",
    "dada_de_baja", "no_contactar", "no_escribir",
}  # fmt: skip
#: What begins an answer in words: “Yes, please”, “I agree to get emails”.
_YES_BEGINS = re.compile(r"(?:yes|oui|si|i_(?:agree|consent|accept|do)|j_accepte|je_consens|d_accord|acepto|de_acuerdo|"
                         r"estoy_de_acuerdo|consiento)(?:_|$)")  # fmt: skip
LONGEST_STOP = 30
#: What takes such a yes back or narrows it: “I do not consent”, “Sí, pero no por correo”, “Yes (unsubscribed 2025)”.
_BUT = {
    "no", "not", "don_t", "never", "but", "only", "except", "unless", "until", "or", "unsubscribed", "revoked",
    "withdrawn",
    "stopped", "non", "ne", "n", "pas", "mais", "jamais", "sauf", "seulement", "sans", "ou", "desabonne", "desabonnee",
    "retire", "revoque", "nunca", "pero", "solo", "salvo", "excepto", "sin", "ni", "o", "baja", "revocado", "retirado",
}  # fmt: skip
_SUBSCRIBED = {"subscribed", "abonne", "abonnee", "suscrito", "suscrita", "active", "actif", "activo"}
_POWER_OF_TEN = re.compile(r"\d(?:[.,]\d+)?E[+-]\d+")
_CHECK_MARKS = ("✓", "✔", "☑", "✅")


def is_yes(cell: str) -> bool:
    plain = plain_title(cell)
    if plain in _YES or without_marks(cell).strip() in _CHECK_MARKS:
        return True
    return bool(_YES_BEGINS.match(plain)) and not has_words(plain, _BUT)


def is_no(cell: str) -> bool:
    """Whether a cell is empty or says no."""
    return not cell.strip() or plain_title(cell) in _NO


def is_not_stopped(cell: str) -> bool:
    """Whether a cell of a column about stopped emails is no objection to emails."""
    return is_no(cell) or plain_title(cell) in _SUBSCRIBED


def says_stop(cell: str) -> bool:
    return len(cell) <= LONGEST_STOP and plain_title(cell) in _STOPS


def is_approved(cell: str) -> bool:
    plain = plain_title(cell)
    return plain in APPROVED or _statuses().get(plain) == Member.Status.APPROVED


def is_status_word(cell: str) -> bool:
    plain = plain_title(cell)
    return plain in APPROVED or plain in _OTHER_STATUSES or plain in _statuses()


def read_number(cell: str) -> str:
    """Our number of a person, with the zeros at its beginning that a spreadsheet takes away.

    Raises LookupError for one that a spreadsheet took for a power of ten: `12E104` became 1.20E+105.
    """
    number = cell.strip().removeprefix("#").upper()
    if _POWER_OF_TEN.fullmatch(number):
        raise LookupError(cell)
    return number.zfill(2 * NUMBER_BYTES) if number.isascii() and number.isdecimal() else number


def is_contact(cell: str) -> bool:
    return plain_title(cell) in _contacts()


def read_contact(cell: str) -> str:
    """The code of an email preference. Raises LookupError for words that are none."""
    return _contacts()[plain_title(cell)]


def read_language(cell: str) -> str:
    """The language of the site that a cell names, by a code such as `fr_CA` or by its name; or the default one."""
    return language_named(cell) or str(settings.LANGUAGE_CODE)


def read_ways(cell: str) -> str:
    """The keys of the ways to help that a cell names, by keys or labels, with spaces between. Others are left out."""
    named = {_ways().get(plain_title(part)) for part in re.split(r"[,;|\n]", cell)}
    keys = set(plain_title(cell).split("_")) if not named - {None} else set()
    return " ".join(key for key, _label in WAYS_TO_HELP if key in named | keys)


def _codes_by_word(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """{code, or label in any language of the site: code}, each as `plain_title` gives it."""
    found = {plain_title(str(code)): str(code) for code, _label in choices}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {plain_title(str(label)): str(code) for code, label in choices}
    return found


@lru_cache(maxsize=1)
def _statuses() -> dict[str, str]:
    return _codes_by_word(Member.Status.choices)


@lru_cache(maxsize=1)
def _contacts() -> dict[str, str]:
    said = dict.fromkeys(_YES, Member.Contact.YES.value) | dict.fromkeys({*_NO, "never"}, Member.Contact.NONE.value)
    return said | _codes_by_word(Member.Contact.choices)


@lru_cache(maxsize=1)
def _ways() -> dict[str, str]:
    return _codes_by_word(WAYS_TO_HELP)
