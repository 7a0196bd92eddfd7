from django.urls import path

from members.skills import member_views, representative_views

urlpatterns = [
    path("my-details/skills/", member_views.skills, name="my_skills"),
    path("my-details/skills/delete-all/", member_views.delete_all, name="my_skills_delete"),
    path("my-details/skills/questions/<uuid:pk>/<slug:word>/", member_views.answer, name="my_skill_answer"),
    path("my-details/skills/<uuid:pk>/<slug:word>/", member_views.action, name="my_skill_action"),
    path("desk/<uuid:term>/skills/", representative_views.skills, name="representative_skills"),
    path("desk/<uuid:term>/skills/<uuid:pk>/ask/", representative_views.ask, name="representative_skill_ask"),
    path(
        "desk/<uuid:term>/skills/<uuid:pk>/take-back/",
        representative_views.withdraw,
        name="representative_skill_withdraw",
    ),
    path("desk/<uuid:term>/skills/<uuid:pk>/plan/", representative_views.plan, name="representative_skill_plan"),
]
