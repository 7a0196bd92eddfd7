from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "s4jr.mail"
    verbose_name = _("Letters")

    def ready(self):
        from s4jr.mail import wording
        from s4jr.words.rules import register_rule

        register_rule(wording.PREFIX, problems=wording.problems, preview=wording.previews, hint=wording.HINT)
