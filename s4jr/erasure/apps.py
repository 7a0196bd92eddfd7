from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ErasureConfig(AppConfig):
    name = "s4jr.erasure"

    def ready(self) -> None:
        from s4jr.accounts.first_steps import Step, register_step
        from s4jr.erasure.backup import has_usable_keys

        right, guide = "accounts.change_user", "make-a-backup-key"
        register_step(Step(6, _("Make a backup key"), has_usable_keys, right, guide))
