from django.urls import path

from members.rsvps import host_views, member_list, member_views, representative_views, views

urlpatterns = [
    path("meetings/<uuid:pk>/come/", views.rsvp, name="rsvp"),
    path("meetings/come/sent/", views.sent, name="rsvp_sent"),
    path("meetings/coming/", views.code, name="rsvp_code"),
    path("meetings/coming/done/", views.done, name="rsvp_done"),
    path("meetings/coming/canceled/", views.canceled, name="rsvp_canceled"),
    path("meetings/coming/<str:token>/", views.link, name="rsvp_link"),
    path("meetings/in/<str:token>/", views.way_in, name="way_in"),
    path("my-details/meetings/all/", member_list.meetings, name="my_meetings"),
    path("my-details/meetings/<uuid:pk>/", member_views.meeting, name="my_meeting"),
    path("desk/meetings/evening/<uuid:pk>/message/", host_views.message, name="host_message"),
    path("desk/meetings/evening/<uuid:pk>/guests/", host_views.guests, name="host_guests"),
    path("desk/meetings/evening/<uuid:pk>/guests/<uuid:guest>/", host_views.accept, name="host_accept"),
    path("desk/evenings/<uuid:pk>/", representative_views.meeting, name="representative_meeting"),
    path("my-details/own-calendar/make/", member_views.calendar, name="my_calendar"),
]
