from django.urls import path

from chapters.meetings import cohost_views, export_views, manage_views, views

urlpatterns = [
    path("meetings/", views.meetings, name="meetings"),
    path("meetings/<uuid:pk>/", views.meeting, name="meeting"),
    path("meetings/series/<uuid:pk>/", views.series, name="meeting_series"),
    path("desk/meetings/", manage_views.meetings, name="manage_meetings"),
    path("desk/meetings/export/", export_views.export, name="manage_export"),
    path("desk/meetings/new/", manage_views.new, name="manage_new"),
    path("desk/meetings/<uuid:pk>/", manage_views.series, name="manage_series"),
    path("desk/meetings/<uuid:pk>/change/", manage_views.change, name="manage_change"),
    path("desk/meetings/<uuid:pk>/copy/", manage_views.copy, name="manage_copy"),
    path("desk/meetings/<uuid:pk>/hosts/", cohost_views.hosts, name="manage_hosts"),
    path("desk/meetings/<uuid:pk>/publish/", manage_views.publish, name="manage_publish"),
    path("desk/meetings/<uuid:pk>/throw-away/", manage_views.throw_away, name="manage_throw_away"),
    path("desk/meetings/evening/<uuid:pk>/", manage_views.meeting, name="manage_meeting"),
]
