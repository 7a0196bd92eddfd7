from django.urls import path

from members.inquiries import views

urlpatterns = [
    path("contact/", views.contact, name="contact"),
    path("contact/sent/", views.sent, name="contact_sent"),
    path("contact/answer/deleted/", views.deleted, name="contact_deleted"),
    path("contact/answer/added/", views.added, name="contact_added"),
    path("contact/answer/", views.answer, name="contact_answer"),
]
