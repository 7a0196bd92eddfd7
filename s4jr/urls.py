"""All URLs. Every page for people is inside the language routes; health checks and files are outside."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from s4jr import health, well_known
from s4jr.accounts.invitation_views import invitation
from s4jr.language import language_routes
from s4jr.security.quick_exit import leave

urlpatterns = [
    path("healthz", health.process, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("robots.txt", well_known.robots, name="robots"),
    path("sitemap.xml", well_known.sitemap, name="sitemap"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path("", include("chapters.meetings.calendar_feed_urls")),
    path("", include("members.rsvps.calendar_feed_urls")),
    *language_routes(
        path("exit/", leave, name="exit"),
        path("account/", include("s4jr.accounts.urls")),
        path("invitation/<str:token>/", invitation, name="invitation"),
        path(settings.ADMIN_PATH, admin.site.urls),
        path("words/", include("s4jr.content.urls")),
        path("", include("s4jr.mail.urls")),
        path("", include("members.urls")),
        path("", include("chapters.urls")),
        path("", include("pages.urls")),
    ),
]

handler400 = "s4jr.error_views.bad_request"
handler403 = "s4jr.error_views.permission_denied"
handler404 = "s4jr.error_views.page_not_found"
handler500 = "s4jr.error_views.server_error"
