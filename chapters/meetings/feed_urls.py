"""Calendar files. They stand outside the language routes: an address somebody subscribed to must last."""

from django.urls import path

from chapters.meetings import feeds

urlpatterns = [
    path("meetings.ics", feeds.every_meeting, name="every_meeting_feed"),
    path("meetings/<uuid:pk>.ics", feeds.one_meeting, name="meeting_feed"),
    path("chapters/<slug:slug>/meetings.ics", feeds.chapter_meetings, name="chapter_feed"),
]
