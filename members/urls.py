from django.urls import path

from members import views

urlpatterns = [
    path("join/", views.join, name="join"),
    path("join/received/", views.received, name="received"),
    path("join/confirm/<str:token>/", views.confirm, name="confirm"),
    path("my-details/", views.my_details, name="my_details"),
    path("my-details/<str:token>/", views.my_details_link, name="my_details_link"),
]
