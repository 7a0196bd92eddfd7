from django.urls import path

from chapters.meetings import host_views, views

urlpatterns = [
    path("meetings/", views.meetings, name="meetings"),
    path("meetings/<uuid:pk>/", views.meeting, name="meeting"),
    path("desk/meetings/", host_views.meetings, name="host_meetings"),
    path("desk/meetings/new/", host_views.new, name="host_new"),
    path("desk/meetings/<uuid:pk>/", host_views.series, name="host_series"),
    path("desk/meetings/<uuid:pk>/change/", host_views.change, name="host_change"),
    path("desk/meetings/<uuid:pk>/publish/", host_views.publish, name="host_publish"),
    path("desk/meetings/<uuid:pk>/throw-away/", host_views.throw_away, name="host_throw_away"),
    path("desk/meetings/evening/<uuid:pk>/", host_views.evening, name="host_evening"),
]
