from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("People")

    def ready(self):
        from members.contact_preference import discreet_among
        from s4jr.mail import contact_preference

        contact_preference.register(discreet_among)
