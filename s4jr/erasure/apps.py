from django.apps import AppConfig


class ErasureConfig(AppConfig):
    name = "s4jr.erasure"
