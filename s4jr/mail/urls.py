from django.urls import path

from s4jr.mail import views

urlpatterns = [
    path("unsubscribe/done/", views.unsubscribed, name="unsubscribed"),
    path("unsubscribe/done/news/", views.unsubscribed_from_news, name="unsubscribed_from_news"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
