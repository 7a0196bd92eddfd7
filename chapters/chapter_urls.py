from django.urls import path

from chapters import views

urlpatterns = [
    path("chapters/", views.chapters, name="chapters"),
    path("chapters/start/", views.start, name="start_chapter"),
    path("chapters/<slug:slug>/", views.chapter, name="chapter"),
]
