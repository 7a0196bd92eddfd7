from django.urls import include, path

from members.applications import agreement_views, received_views, secret_word, views
from members.self_service import credential_views, deletion_views, login_views, membership_views
from members.self_service import views as my_details

urlpatterns = [
    path("join/", views.join, name="join"),
    path("join/received/", received_views.received, name="received"),
    path("join/secret-word/", secret_word.choose_word, name="choose_word"),
    path("join/confirm/done/", views.confirmed, name="confirmed"),
    path("join/confirm/deleted/", views.unwanted_deleted, name="unwanted_deleted"),
    path("join/confirm/<str:token>/", views.confirm, name="confirm"),
    path("join/confirm/<str:token>/delete/", views.delete_unwanted, name="delete_unwanted"),
    path("agreement/versions/", agreement_views.versions, name="agreement_versions"),
    path("my-details/", login_views.my_details, name="my_details"),
    path("my-details/link-sent/", login_views.link_sent, name="my_details_link_sent"),
    path("my-details/deleted/", deletion_views.deleted, name="my_details_deleted"),
    path("my-details/new-code/", credential_views.new_code, name="my_details_new_code"),
    path("my-details/ways-to-open/", credential_views.ways_to_open, name="my_details_ways_to_open"),
    path("my-details/pause-or-leave/", membership_views.pause_or_leave, name="my_details_pause_or_leave"),
    path("my-details/left/", membership_views.left, name="my_details_left"),
    path("my-details/no-more-emails/", my_details.no_more_emails, name="my_details_no_more_emails"),
    path("my-details/address-corrected/", login_views.address_corrected, name="my_details_address_corrected"),
    path("my-details/sent-again/", login_views.sent_again, name="my_details_sent_again"),
    path("my-details/address-confirmed/", login_views.address_confirmed, name="my_details_address_confirmed"),
    path("my-details/emails-again/", login_views.emails_again, name="my_details_emails_again"),
    path("", include("members.skills.urls")),
    path("my-details/<str:token>/", login_views.link, name="my_details_link"),
    path("my-details/change/<slug:part>/", my_details.change, name="my_details_change"),
    path("my-details/press/<slug:word>/", my_details.action, name="my_details_action"),
    path("my-details/all/show/", my_details.show_all, name="my_details_all"),
    path("my-details/all/take/", my_details.take_all, name="my_details_take"),
    path("", include("members.inquiries.urls")),
    path("", include("members.rsvps.urls")),
]
