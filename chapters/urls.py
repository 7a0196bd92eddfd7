"""Each room of places has its own addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("chapters.messages.urls")),
    path("", include("chapters.places.urls")),
    path("", include("chapters.directory.urls")),
    path("", include("chapters.renewal.urls")),
    path("", include("chapters.offers.urls")),
    path("", include("chapters.desk.urls")),
    path("", include("chapters.meetings.urls")),
]
