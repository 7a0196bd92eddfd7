from django.urls import path

from chapters.renewal import views

urlpatterns = [
    path("desk/renew/<str:token>/", views.renew_card, name="renew_card"),
]
