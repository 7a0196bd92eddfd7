"""URLs of the calendar feeds. They are outside the language routes, because subscribed URLs must never change."""

from django.urls import path

from chapters.meetings import calendar_feeds

urlpatterns = [
    path("meetings.ics", calendar_feeds.every_meeting, name="every_meeting_feed"),
    path("meetings/<uuid:pk>.ics", calendar_feeds.one_meeting, name="meeting_feed"),
    path("meetings/place/<str:code>.ics", calendar_feeds.place_meetings, name="place_feed"),
    path("meetings/kind/<str:kind>.ics", calendar_feeds.kind_meetings, name="kind_feed"),
    path("meetings/series/<uuid:pk>.ics", calendar_feeds.series_meetings, name="series_feed"),
    path("chapters/<slug:slug>/meetings.ics", calendar_feeds.chapter_meetings, name="chapter_feed"),
]
