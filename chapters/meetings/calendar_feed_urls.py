"""Calendar files. They stand outside the language routes: an address somebody subscribed to must last."""

from django.urls import path

from chapters.meetings import calendar_feeds

urlpatterns = [
    path("meetings.ics", calendar_feeds.every_meeting, name="every_meeting_feed"),
    path("meetings/<uuid:pk>.ics", calendar_feeds.one_meeting, name="meeting_feed"),
    path("chapters/<slug:slug>/meetings.ics", calendar_feeds.chapter_meetings, name="chapter_feed"),
]
