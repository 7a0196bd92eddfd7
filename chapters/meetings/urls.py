from django.urls import path

from chapters.meetings import manage_views, views

urlpatterns = [
    path("meetings/", views.meetings, name="meetings"),
    path("meetings/<uuid:pk>/", views.meeting, name="meeting"),
    path("desk/meetings/", manage_views.meetings, name="host_meetings"),
    path("desk/meetings/new/", manage_views.new, name="host_new"),
    path("desk/meetings/<uuid:pk>/", manage_views.series, name="host_series"),
    path("desk/meetings/<uuid:pk>/change/", manage_views.change, name="host_change"),
    path("desk/meetings/<uuid:pk>/publish/", manage_views.publish, name="host_publish"),
    path("desk/meetings/<uuid:pk>/throw-away/", manage_views.throw_away, name="host_throw_away"),
    path("desk/meetings/evening/<uuid:pk>/", manage_views.meeting, name="host_meeting"),
]
