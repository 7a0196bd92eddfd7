"""The URLs of each part of the app."""

from django.urls import include, path

urlpatterns = [
    path("", include("chapters.representative_messages.urls")),
    path("", include("chapters.chapter_urls")),
    path("", include("chapters.directory.urls")),
    path("", include("chapters.representatives.renewal_urls")),
    path("", include("chapters.volunteer_offers.urls")),
    path("", include("chapters.representatives.urls")),
    path("", include("chapters.meetings.urls")),
]
