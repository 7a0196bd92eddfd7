from django.urls import path

from chapters.representative_messages import inbox_views, views

urlpatterns = [
    path("representatives/<uuid:pk>/write/", views.write_to, name="write_to"),
    path("representatives/sent/", views.sent, name="message_sent"),
    path("representatives/answer/deleted/", views.deleted, name="message_deleted"),
    path("representatives/answer/added/", views.added, name="message_added"),
    path("representatives/answer/reported/", views.reported, name="message_reported"),
    path("representatives/answer/", views.answer, name="message_answer"),
    path("desk/messages/", inbox_views.messages, name="representative_inbox"),
    path("desk/messages/again/", inbox_views.pass_on_again, name="representative_unblock_sender"),
    path("desk/messages/<uuid:pk>/", inbox_views.one, name="representative_message"),
    path("desk/messages/<uuid:pk>/insert/", inbox_views.insert_sample, name="representative_insert_sample"),
    path("desk/messages/<uuid:pk>/close/", inbox_views.close, name="representative_close_message"),
    path("desk/messages/<uuid:pk>/report/", inbox_views.report, name="representative_report_message"),
    path("desk/messages/<uuid:pk>/block/", inbox_views.block, name="representative_block_sender"),
]
