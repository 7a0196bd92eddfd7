from django.apps import AppConfig


class SecurityConfig(AppConfig):
    name = "s4jr.security"
