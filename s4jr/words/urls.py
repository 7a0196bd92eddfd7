from django.urls import path

from s4jr.accounts.admin_site import staff_page
from s4jr.accounts.session_timeout import idle
from s4jr.words import views

# The admin's own gate: who may not enter the admin (second factor included) may not edit here either.
edit_passage = idle(minutes=60)(staff_page(views.edit_passage))

urlpatterns = [path("<path:key>/", edit_passage, name="edit_passage")]
