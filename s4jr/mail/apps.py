from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "s4jr.mail"
    verbose_name = _("Emails")

    def ready(self) -> None:
        from s4jr.content.validators import register_rule
        from s4jr.erasure.erase import register_eraser
        from s4jr.mail import template_validation
        from s4jr.mail.models import OutgoingEmail
        from s4jr.mail.services import erase_emails

        register_eraser(OutgoingEmail, erase_emails)
        register_rule(
            template_validation.PREFIX,
            problems=template_validation.problems,
            preview=template_validation.previews,
            hint=template_validation.HINT,
        )
