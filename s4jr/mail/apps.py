from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "s4jr.mail"
    verbose_name = _("Emails")

    def ready(self):
        from s4jr.content.validators import register_rule
        from s4jr.mail import template_validation

        register_rule(
            template_validation.PREFIX,
            problems=template_validation.problems,
            preview=template_validation.previews,
            hint=template_validation.HINT,
        )
