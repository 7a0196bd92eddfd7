"""Two configs, listed by full path in settings: Django would else pick the imported AdminConfig up twice."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PrivacyConfig(AppConfig):
    name = "s4jr.privacy"
    verbose_name = "People who sign in, and safety"
    default = True


class StaffAdminConfig(AdminConfig):
    default_site = "s4jr.privacy.admin_site.StaffAdminSite"
    default = False

    def ready(self):
        super().ready()
        self._close_pages_of_allauth()

    def _close_pages_of_allauth(self):
        """Seeds of second factors are not for looking at, and the table of addresses stays empty."""
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from django.contrib import admin

        admin.site.unregister([EmailAddress, Authenticator])
