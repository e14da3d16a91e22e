from django.apps import AppConfig
from django.urls import register_converter


class LibConfig(AppConfig):
    name = "portal.lib"
    label = "lib"

    def ready(self) -> None:
        from .skus import SkuConverter

        register_converter(SkuConverter, "sku")
