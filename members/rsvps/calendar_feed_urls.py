"""Own calendars. They stand outside the language routes: an address somebody subscribed to must last."""

from django.urls import path

from members.rsvps import calendar_feed

urlpatterns = [path("calendar/<str:secret>.ics", calendar_feed.own_calendar, name="own_calendar")]
