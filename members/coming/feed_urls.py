"""Own calendars. They stand outside the language routes: an address somebody subscribed to must last."""

from django.urls import path

from members.coming import feed

urlpatterns = [path("calendar/<str:secret>.ics", feed.own_calendar, name="own_calendar")]
