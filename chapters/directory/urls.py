from django.urls import path

from chapters.directory import views

urlpatterns = [
    path("representatives/", views.directory, name="representatives"),
    path("representatives/<uuid:pk>/photo/", views.photo, name="representative_photo"),
]
