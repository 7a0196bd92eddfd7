from django.urls import path

from chapters.representatives import renewal

urlpatterns = [
    path("desk/renew/<str:token>/", renewal.renew_profile, name="renew_profile"),
]
