"""Who holds a permission."""

from django.db.models import QuerySet

from s4jr.accounts.models import User

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def staff_with_perm(perm: str) -> "QuerySet[User]":
    """The active admins with this permission, such as "chapters.take_over". Superusers have each of them."""
    return User.objects.with_perm(perm, backend=MODEL_BACKEND).filter(is_staff=True)
