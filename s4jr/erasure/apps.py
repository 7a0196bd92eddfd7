from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class ErasureConfig(AppConfig):
    name = "s4jr.erasure"

    def ready(self) -> None:
        from s4jr.accounts.first_steps import Step, register_step

        right, guide = "accounts.change_user", "make-a-backup-key"
        register_step(Step(6, _("Make a backup key"), lambda: bool(settings.BACKUP_TO), right, guide))
