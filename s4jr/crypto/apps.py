from django.apps import AppConfig


class CryptoConfig(AppConfig):
    name = "s4jr.crypto"
