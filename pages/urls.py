from django.urls import path

from pages import views
from pages.styleguide import styleguide

urlpatterns = [
    path("", views.home, name="home"),
    path("what-we-do/", views.several_words, {"template": "pages/what_we_do.html"}, name="what_we_do"),
    path("why/", views.several_words, {"template": "pages/why.html"}, name="why"),
    path("why/gently/", views.several_words, {"template": "pages/why_gently.html"}, name="why_gently"),
    path("pathway/", views.several_words, {"template": "pages/pathway.html"}, name="pathway"),
    path("justice/", views.words, {"key": "justice"}, name="justice"),
    path("people/", views.people, name="people"),
    path("people/<int:pk>/portrait/", views.team_member_photo, name="team_member_photo"),
    path("press/", views.press, name="press"),
    path("agreement/", views.words, {"key": "agreement"}, name="agreement"),
    path("privacy/", views.several_words, {"template": "pages/privacy.html"}, name="privacy"),
    path(
        "privacy/inventory/",
        views.several_words,
        {"template": "pages/privacy_inventory.html"},
        name="privacy_inventory",
    ),
    path("accessibility/", views.words, {"key": "accessibility"}, name="accessibility"),
    path("sources/", views.sources, name="sources"),
    path("support/", views.support, name="support"),
    path("calm/", views.several_words, {"template": "pages/calm.html"}, name="calm"),
    path("styleguide/", styleguide, name="styleguide"),
    path("safety/", views.words, {"key": "safety"}, name="safety"),
]
