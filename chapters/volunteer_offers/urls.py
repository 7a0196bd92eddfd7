from django.urls import path

from chapters.volunteer_offers import views

urlpatterns = [
    path("representatives/would-you/", views.become_representative, name="become_representative"),
    path("representatives/would-you/sent/", views.sent, name="offer_sent"),
    path("representatives/would-you/answer/deleted/", views.deleted, name="offer_deleted"),
    path("representatives/would-you/answer/", views.answer, name="offer_answer"),
]
