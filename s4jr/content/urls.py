from django.urls import path

from s4jr.accounts.admin_site import staff_page
from s4jr.accounts.session_timeout import idle
from s4jr.content import guide_views, views

# Behind the admin's own checks: users who may not enter the admin (second factor included) may not edit here either.
edit_text_block = idle(minutes=60)(staff_page(views.edit_text_block))

guide = idle(minutes=60)(staff_page(guide_views.guide))
guide_picture = idle(minutes=60)(staff_page(guide_views.picture))

urlpatterns = [
    path("guide/", guide, name="admin_guide"),
    path("guide/<slug:name>.png", guide_picture, name="admin_guide_picture"),
    path("<path:key>/", edit_text_block, name="edit_text_block"),
]
