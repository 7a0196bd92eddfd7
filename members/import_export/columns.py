"""What the columns of a list mean: known by their whole titles, in English, French and Spanish.

A title that is only like a known one means nothing: “Middle name” and “Name of the person who hurt you” are no names of
members. The admin corrects each column in the preview. `docs/lists.md` says which program writes which titles.
"""

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from members.import_export.values import is_contact, is_no, is_status_word, is_yes, says_stop
from s4jr.tables.consent_titles import (
    CONSENT,
    NOT_ABOUT_EMAIL,
    STATUS,
    STOPPED,
    speaks_of_consent,
    speaks_of_contact,
)
from s4jr.tables.titles import columns_titled, plain_title

#: A column that is not read, and one that an admin must answer for before anything is saved.
NOT_READ, ASK = "skip", "ask"
#: The column that our own file of lines to fix adds.
REASON_TITLES = ("why", "reason_not_imported")

_NUMBERED = range(1, 6)
#: {meaning: whole titles as `plain_title` gives them, best first}. A line uses the first of these that it has.
TITLES: dict[str, Sequence[str]] = {
    "first": ["first_name", "firstname", "fname", "f_name", "given_name", "first", "your_first_name",
              "primary_first_name",
              "prenom", "prenoms", "votre_prenom", "nombres", "primer_nombre", "nombre_de_pila"],
    "last": ["last_name", "lastname", "lname", "l_name", "family_name", "surname", "last", "your_last_name",
             "primary_last_name", "nom_de_famille", "nom_famille", "apellido", "apellidos", "primer_apellido"],
    "name": ["preferred_name", "name_to_use", "name", "full_name", "display_name", "your_name", "your_full_name",
             "name_first_and_last", "first_and_last_name", "first_name_last_name", "what_is_your_name",
             "what_s_your_name", "what_is_your_full_name", "what_should_we_call_you", "nom", "nom_complet",
             "votre_nom", "nom_et_prenom", "prenom_et_nom", "quel_est_votre_nom", "comment_vous_appelez_vous",
             "comment_devons_nous_vous_appeler", "nombre", "nombre_completo", "nombre_y_apellido",
             "nombre_y_apellidos", "tu_nombre", "cual_es_tu_nombre", "como_te_llamas", "como_se_llama"],
    "email": ["email", "email_address", "e_mail", "e_mail_address", "primary_email",
              "preferred_email", "user_email", "your_email",
              "your_email_address", "what_is_your_email", "what_is_your_email_address", "what_s_your_email",
              "what_s_your_email_address", "courriel", "adresse_courriel", "adresse_de_courriel", "votre_courriel",
              "votre_adresse_courriel", "adresse_e_mail", "adresse_email", "adresse_mail", "adresse_electronique",
              "mail", "correo", "correo_electronico", "tu_correo", "tu_correo_electronico",
              "direccion_de_correo", "direccion_de_correo_electronico", "cual_es_tu_correo_electronico",
              *(f"e_mail_{number}_value" for number in _NUMBERED), *(f"email_{number}" for number in _NUMBERED),
              *(f"email{number}" for number in _NUMBERED), "username", "address"],
    "region": ["region", "can2_state_abbreviated", "can2_user_state", "state", "province", "state_province",
               "state_or_province", "state_region", "state_province_or_country", "state_province_or_territory",
               "province_state", "province_or_state", "home_state", "primary_state", "address_state",
               "address_1_region", "place", "province_ou_etat", "etat_ou_province", "etat_province",
               "province_ou_territoire", "etat_province_ou_pays", "etat", "provincia", "estado_o_provincia",
               "estado_provincia", "estado_provincia_o_pais", "entidad_federativa", "estado"],
    "country": ["country", "country_code", "cc", "country_region", "country_region_name", "home_country",
                "primary_country", "primary_country_code", "address_country", "address_1_country", "can2_country",
                "pays", "pais"],
    "joined": ["joined", "joined_on", "date_joined", "join_date", "received_on", "timestamp", "optin_time",
               "confirm_time", "can2_subscription_date", "created_at", "created_date", "registration_time",
               "registered_at", "order_date", "signup_date", "date", "horodateur", "horodatage", "date_d_adhesion",
               "date_d_inscription", "inscrit_le", "recu_le", "marca_temporal", "fecha", "fecha_de_alta",
               "fecha_de_inscripcion", "fecha_de_registro"],
    "contact": ["contact", "safe_to_email", "is_it_safe_to_email_you"],
    "language": ["language", "preferred_language", "your_language", "lang", "langue", "langue_preferee",
                 "votre_langue", "idioma", "idioma_preferido", "lengua"],
    "pronouns": ["pronouns", "your_pronouns", "what_are_your_pronouns", "my_pronouns", "pronoms", "vos_pronoms",
                 "quels_sont_vos_pronoms", "pronombres", "tus_pronombres", "cuales_son_tus_pronombres"],
    "newsletter": ["newsletter", "wants_news", "send_me_news_now_and_then", "infolettre", "bulletin", "boletin",
                   "boletin_informativo"],
    "ways_to_help": ["ways_to_help", "ways_i_might_like_to_help", "how_would_you_like_to_help",
                     "how_can_you_help", "facons_d_aider", "comment_souhaitez_vous_aider", "formas_de_ayudar",
                     "como_te_gustaria_ayudar"],
    "number": ["number", "numero"],
    "status": STATUS,
    "stopped": STOPPED,
    "consent": CONSENT,
}  # fmt: skip
MEANINGS = {
    "name": _("name"),
    "first": _("first name"),
    "last": _("last name"),
    "email": _("email address"),
    "region": _("state, province or country"),
    "country": _("country"),
    "joined": _("date joined"),
    "contact": _("email preference"),
    "language": _("language"),
    "pronouns": _("pronouns"),
    "newsletter": _("whether they want news"),
    "ways_to_help": _("ways to help"),
    "number": _("the number we gave this person"),
    "status": _("status: we import only approved people"),
    "stopped": _("who must not be emailed: we import only “no” or an empty cell"),
    "consent": _("who may be emailed: we import only “yes”"),
    NOT_READ: _("not read"),
}
#: Titles that mean an address only if no other column does.
_LAST_RESORT = {"username", "address"}
#: Titles of places that also mean “status”.
_PLACE_OR_STATUS = {"estado", "etat"}
_EMAIL_WORDS = re.compile(r"(?:^|_)(?:e?mails?|e_mails?|courriels?|correos?)(?:_|$)")
_REMARKS = re.compile(r"_(?:required|optional|obligatoire|facultatif|obligatorio|opcional)$")


def score_header(cells: list[str]) -> int:
    """How well a row fits as the header: 0 if no title in it has to do with an email address."""
    plain = _plain_titles(cells)
    found = columns_titled(plain, TITLES)
    if "email" not in found and not any(_EMAIL_WORDS.search(title) for title in plain):
        return 0
    return 1 + sum(len(positions) for positions in found.values()) + 10 * ("email" in found)


def guess_meanings(header: Sequence[str], columns: Sequence[Iterable[str]]) -> list[str]:
    """The meaning of each column, NOT_READ or ASK. `columns` has the cells of each that are not blank."""
    plain = _plain_titles(header)
    meanings = [NOT_READ] * len(plain)
    for meaning, positions in columns_titled(plain, TITLES).items():
        for at in positions:
            meanings[at] = meaning
    _split_names(plain, meanings)
    _drop_last_resorts(plain, meanings)
    # CiviCRM's “Do Not Mail” is about postal mail, and beside it is “Do Not Email”. Elsewhere it may be about emails.
    other = NOT_ABOUT_EMAIL if "do_not_email" in plain else NOT_ABOUT_EMAIL - {"do_not_mail"}
    return [
        NOT_READ if title in other and meaning == NOT_READ else _settle_meaning(title, meaning, set(cells))
        for title, meaning, cells in zip(plain, meanings, columns, strict=True)
    ]


def in_order(header: Sequence[str], meanings: Sequence[str]) -> dict[str, list[int]]:
    """{meaning: positions, the best title first}."""
    plain = _plain_titles(header)
    found: dict[str, list[int]] = {}
    for at, meaning in enumerate(meanings):
        found.setdefault(meaning, []).append(at)
    return {
        meaning: sorted(positions, key=lambda at: _rank(meaning, plain[at])) for meaning, positions in found.items()
    }


def is_reason(title: str) -> bool:
    """Whether our own file of lines to fix added this column."""
    return plain_title(title) in REASON_TITLES


def _plain_titles(header: Iterable[str]) -> list[str]:
    return [_REMARKS.sub("", plain_title(title)) for title in header]


def _rank(meaning: str, title: str) -> int:
    titles = TITLES.get(meaning, ())
    return titles.index(title) if title in titles else len(titles)


def _split_names(plain: list[str], meanings: list[str]) -> None:
    """“Nom” beside “Prénom” is a last name; “Nombre” and “Name” beside a last name alone are first names."""
    for at, title in enumerate(plain):
        if title == "nom" and "first" in meanings:
            meanings[at] = "last"
        elif title in ("nombre", "name") and "last" in meanings and "first" not in meanings:
            meanings[at] = "first"


def _drop_last_resorts(plain: list[str], meanings: list[str]) -> None:
    emails = [at for at, meaning in enumerate(meanings) if meaning == "email"]
    if any(plain[at] not in _LAST_RESORT for at in emails):
        for at in emails:
            meanings[at] = NOT_READ if plain[at] in _LAST_RESORT else "email"


def _settle_meaning(title: str, meaning: str, cells: set[str]) -> str:
    if title in _PLACE_OR_STATUS and any(map(is_status_word, cells)):
        return "status"
    if meaning == "contact" and cells and not any(map(is_contact, cells)):
        return ASK
    if meaning != NOT_READ or not cells or title in REASON_TITLES:
        return meaning
    return ASK if speaks_of_consent(title) or _may_forbid(title, cells) else NOT_READ


def _may_forbid(title: str, cells: set[str]) -> bool:
    """Whether the cells of an unread column may say who must not be emailed, whatever the words of its title."""
    if speaks_of_contact(title) and all(is_yes(cell) or is_no(cell) for cell in cells):
        return True
    return any(map(says_stop, cells))
