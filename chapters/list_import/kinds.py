"""The two kinds of lists that admins bring: representatives and chapters, with the titles of their columns.

Titles are as `plain_title` gives them, in English, French and Spanish.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chapters.list_import.line_forms import ChapterLineForm, LineForm, RepresentativeLineForm

if TYPE_CHECKING:
    from django.utils.functional import StrPromise

#: A place in one column counts as the region: the place search knows countries too.
PLACE_TITLES = {
    "region": ["place", "region", "state", "province", "state_province", "state_or_province", "state_region", "lieu",
               "endroit", "etat", "etat_province", "etat_ou_province", "province_ou_etat", "lugar", "estado",
               "provincia", "estado_provincia", "estado_o_provincia"],
    "country": ["country", "country_code", "pays", "pais"],
}  # fmt: skip
PLACE_MEANINGS = {"region": _("place, state or province"), "country": _("country")}


@dataclass(frozen=True)
class ListKind:
    """`titles` are the titles of each meaning, best first, and `needs` the meaning that every list has.

    `days` are the meanings whose cells are days.
    """

    name: str
    form: type[LineForm]
    needs: str
    no_header: "StrPromise"
    titles: Mapping[str, Sequence[str]]
    meanings: "Mapping[str, StrPromise]"
    days: tuple[str, ...] = ()
    #: Whether the lines are about people, who may have said no.
    of_people: bool = False


REPRESENTATIVES = ListKind(
    name="representatives",
    form=RepresentativeLineForm,
    needs="email",
    no_header=_("We found no column with email addresses. Name that column “email” in the first line."),
    days=("begins_on", "ends_on"),
    of_people=True,
    titles={
        "email": ["email", "email_address", "e_mail", "e_mail_address", "courriel", "adresse_courriel",
                  "adresse_de_courriel", "adresse_e_mail", "adresse_electronique", "correo", "correo_electronico",
                  "direccion_de_correo", "direccion_de_correo_electronico"],
        "chapter": ["chapter", "chapter_name", "section", "section_locale", "capitulo", "capitulo_local"],
        "username": ["username", "user_name", "nom_de_connexion", "nom_d_utilisateur", "nombre_de_usuario", "usuario"],
        "begins_on": ["from", "begins_on", "start", "start_date", "since", "term_start", "du", "depuis", "debut",
                      "date_de_debut", "desde", "inicio", "fecha_de_inicio"],
        "ends_on": ["until", "ends_on", "end", "end_date", "term_end", "au", "jusqu_au", "date_de_fin", "hasta",
                    "fecha_de_fin", "fecha_final", "fin"],
        "language": ["language", "email_language", "preferred_language", "langue", "idioma", "lengua"],
        **PLACE_TITLES,
    },
    meanings={
        "email": _("email address"),
        "chapter": _("chapter"),
        "username": _("username"),
        "begins_on": _("start date"),
        "ends_on": _("end date"),
        "language": _("email language"),
        **PLACE_MEANINGS,
    },
)  # fmt: skip
CHAPTERS = ListKind(
    name="chapters",
    form=ChapterLineForm,
    needs="name",
    no_header=_("We found no column with the names of chapters. Name that column “name” in the first line."),
    titles={
        "name": ["name", "chapter", "chapter_name", "nom", "section", "section_locale", "nom_de_la_section",
                 "nombre", "capitulo", "capitulo_local", "nombre_del_capitulo"],
        "area": ["area", "city", "cities", "towns", "secteur", "ville", "villes", "zona", "ciudad", "ciudades"],
        "languages": ["languages", "language", "langues", "langue", "idiomas", "idioma"],
        "rhythm": ["how_often_it_meets", "how_often", "meets", "rhythm", "schedule", "frequence", "frecuencia"],
        "words": ["description", "about", "words", "a_propos", "descripcion"],
        "how_to_join": ["how_to_join", "joining", "comment_se_joindre", "comment_participer", "como_unirse",
                        "como_participar"],
        **PLACE_TITLES,
    },
    meanings={
        "name": _("name"),
        "area": _("area"),
        "languages": _("languages"),
        "rhythm": _("how often it meets"),
        "words": _("description"),
        "how_to_join": _("how to join"),
        **PLACE_MEANINGS,
    },
)  # fmt: skip
KINDS = {kind.name: kind for kind in (REPRESENTATIVES, CHAPTERS)}
