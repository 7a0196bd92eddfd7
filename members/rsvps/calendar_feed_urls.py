"""Personal calendar feeds. Outside the language routes, because a subscribed URL must not change."""

from django.urls import path

from members.rsvps import calendar_feed

urlpatterns = [path("calendar/<str:secret>.ics", calendar_feed.own_calendar, name="own_calendar")]
