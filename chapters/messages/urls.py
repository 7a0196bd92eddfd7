from django.urls import path

from chapters.messages import desk_views, views

urlpatterns = [
    path("representatives/<uuid:pk>/write/", views.write_to, name="write_to"),
    path("representatives/sent/", views.sent, name="message_sent"),
    path("representatives/answer/deleted/", views.deleted, name="message_deleted"),
    path("representatives/answer/added/", views.added, name="message_added"),
    path("representatives/answer/reported/", views.reported, name="message_reported"),
    path("representatives/answer/", views.answer, name="message_answer"),
    path("desk/messages/", desk_views.messages, name="desk_messages"),
    path("desk/messages/again/", desk_views.pass_on_again, name="desk_pass_on_again"),
    path("desk/messages/<uuid:pk>/", desk_views.one, name="desk_message"),
    path("desk/messages/<uuid:pk>/close/", desk_views.close, name="desk_close_message"),
    path("desk/messages/<uuid:pk>/report/", desk_views.report, name="desk_report_message"),
    path("desk/messages/<uuid:pk>/block/", desk_views.block, name="desk_block_sender"),
]
