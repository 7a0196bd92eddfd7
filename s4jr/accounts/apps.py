"""Two configs, listed by full path in settings: otherwise Django would also pick up the imported AdminConfig."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from s4jr.steps import when_one_fails


class AccountsConfig(AppConfig):
    name = "s4jr.accounts"
    verbose_name = _("Users")
    default = True

    def ready(self) -> None:
        from s4jr.accounts.first_steps import ONLY_OWNERS, Step, has_enough_owners, register_step
        from s4jr.accounts.roles import make_groups, note_rights
        from s4jr.form_fields.limits import set_limit_messages
        from s4jr.form_fields.required import set_required_messages
        from s4jr.security.failed_steps import count_failed_step

        set_required_messages()
        set_limit_messages()
        when_one_fails.add(count_failed_step)
        guide, view = "invite-a-second-owner", "admin:accounts_user_add"
        register_step(Step(1, _("Invite a second owner"), has_enough_owners, ONLY_OWNERS, guide, view))

        # `auth` comes after our apps: by then Django has created their permissions.
        auth = apps.get_app_config("auth")
        pre_migrate.connect(note_rights, sender=auth)
        post_migrate.connect(make_groups, sender=auth)


class StaffAdminConfig(AdminConfig):
    default_site = "s4jr.accounts.admin_site.StaffAdminSite"
    default = False

    def ready(self) -> None:
        self._use_our_long_text_field()
        super().ready()
        self._close_pages_of_allauth()

    def _use_our_long_text_field(self):
        """Use it in every form the admin builds from a model. A ModelAdmin copies these defaults at registration."""
        from django.contrib.admin.options import FORMFIELD_FOR_DBFIELD_DEFAULTS
        from django.db.models import TextField

        from s4jr.form_fields.long_text import LongTextField

        FORMFIELD_FOR_DBFIELD_DEFAULTS[TextField]["form_class"] = LongTextField

    def _close_pages_of_allauth(self):
        """Hide allauth's models: no one should see TOTP secrets, and the table of addresses stays empty."""
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from django.contrib import admin

        admin.site.unregister([EmailAddress, Authenticator])
