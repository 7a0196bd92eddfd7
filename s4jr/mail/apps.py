from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "s4jr.mail"
    verbose_name = _("Emails")

    def ready(self) -> None:
        from s4jr.accounts.first_steps import Step, register_step
        from s4jr.content.validators import register_rule
        from s4jr.erasure.erase import register_eraser
        from s4jr.mail import template_validation
        from s4jr.mail.health import was_tested
        from s4jr.mail.models import OutgoingEmail
        from s4jr.mail.services import erase_emails

        register_eraser(OutgoingEmail, erase_emails)
        right, view = "mail.change_outgoingemail", "admin:mail_test_email"
        register_step(Step(2, _("Send yourself a test email"), was_tested, right, "send-yourself-a-test-email", view))
        register_rule(
            template_validation.PREFIX,
            problems=template_validation.problems,
            preview=template_validation.previews,
            hint=template_validation.HINT,
        )
