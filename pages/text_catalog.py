"""Which pages show the texts in `content/`, for the list of page texts in the admin."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from pages.services import BIOS
from s4jr.content.catalog import Place, register_family, register_page

register_page(
    _("Home page"),
    "who-we-are", "what-we-do", "our-why", "not-in-our-name", "pathway", "join-the-coalition", "justice",
    "representatives", "land-acknowledgement",
    url_name="home",
    may_hide=("our-why", "not-in-our-name", "land-acknowledgement"),
)  # fmt: skip
register_page(
    _("What we do"),
    "what-we-do", "four-methods", "join-the-coalition",
    url_name="what_we_do",
    may_hide=("four-methods",),
)  # fmt: skip
register_page(_("Why we do this"), "our-why", "not-in-our-name", url_name="why")
register_page(
    _("Why we do this, without the details"), "our-why-gently", url_name="why_gently", may_hide=("our-why-gently",)
)
register_page(_("What we believe"), "pathway", url_name="pathway")
register_page(_("What is restorative justice?"), "justice", url_name="justice", may_hide=("justice",))
register_page(_("Media"), "press", url_name="press", may_hide=("press",))
register_page(_("Sources"), "sources", url_name="sources")
register_page(_("Short version"), "calm", url_name="calm", may_hide=("calm",))
register_page(_("Get help now"), "support", url_name="support")
register_page(_("Safety"), "safety", url_name="safety")
register_page(_("Privacy"), "privacy", "privacy-details", url_name="privacy")
register_page(_("Community agreement"), "agreement", url_name="agreement")
register_page(_("Accessibility"), "accessibility", url_name="accessibility")


def _places_of_bio(key: str) -> Iterator[Place]:
    yield Place(pgettext("about us", "People"), f"{reverse('people')}#text-block-{key}")
    yield Place(gettext("Home page"), f"{reverse('home')}#text-block-{key}")


register_family(BIOS, _("Team"), _places_of_bio)
