from django.urls import path

from chapters.representatives import email_views, step_down_views, together_views, views

urlpatterns = [
    path("desk/", views.home, name="representative_home"),
    path("representatives/stepped-down/", step_down_views.stepped_down, name="stepped_down"),
    path("desk/<uuid:term>/step-down/", step_down_views.step_down, name="representative_step_down"),
    path("desk/<uuid:term>/notes/", step_down_views.handover_notes, name="representative_handover_notes"),
    path("desk/together/", together_views.together, name="representatives_together"),
    path("desk/together/people/", together_views.people, name="representatives_serving"),
    path("desk/together/meetings/", together_views.meetings, name="representatives_past_meetings"),
    path("desk/together/handbook/", together_views.handbook, name="representatives_handbook"),
    path("desk/together/messages/", together_views.messages, name="group_messages"),
    path("desk/together/messages/write/", together_views.write, name="group_message_write"),
    path("desk/together/messages/<int:pk>/delete/", together_views.delete, name="group_message_delete"),
    path("desk/email/", email_views.email, name="representative_email"),
    path("desk/email/<str:token>/", email_views.confirm, name="representative_email_confirm"),
    path("account/emails/", email_views.admin_email, name="admin_email"),
    path("account/emails/<str:token>/", email_views.admin_confirm, name="admin_email_confirm"),
    path("desk/<uuid:term>/", views.representative_term, name="representative_term"),
    path("desk/<uuid:term>/first/<slug:step>/", views.first, name="representative_onboarding"),
    path("desk/<uuid:term>/card/", views.profile, name="representative_profile"),
    path("desk/<uuid:term>/card/change/", views.profile_change, name="representative_profile_change"),
    path("desk/<uuid:term>/card/new-photo/<uuid:pk>/", views.photo_draft, name="representative_photo_draft"),
    path("desk/<uuid:term>/card/show/", views.profile_show, name="representative_profile_show"),
    path("desk/<uuid:term>/card/hide/", views.profile_hide, name="representative_profile_hide"),
    path("desk/<uuid:term>/words/", views.words, name="representative_text"),
    path("desk/<uuid:term>/members/", views.members, name="representative_members"),
]
