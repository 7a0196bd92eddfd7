"""What the emails in `content/` are called in the admin."""

from django.utils.translation import gettext_lazy as _

from s4jr.content.catalog import register_emails

register_emails({"test": _("Test email"), "auto-reply": _("Automatic answer to a reply")})
