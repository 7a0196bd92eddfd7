"""URLs of the calendar feeds. They are outside the language routes, because subscribed URLs must never change."""

from django.urls import path

from chapters.meetings import calendar_feeds

urlpatterns = [
    path("meetings.ics", calendar_feeds.every_meeting, name="every_meeting_feed"),
    path("meetings/<uuid:pk>.ics", calendar_feeds.one_meeting, name="meeting_feed"),
    path("chapters/<slug:slug>/meetings.ics", calendar_feeds.chapter_meetings, name="chapter_feed"),
]
