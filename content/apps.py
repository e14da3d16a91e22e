from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    name = "content"
    label = "content"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from . import receivers
        from .models import PortalPage

        receivers.connect()
        PortalPage.serve_preview = draw_preview
        post_migrate.connect(arrange_groups, dispatch_uid="content.groups")


def draw_preview(page: Any, request: Any, mode_name: str) -> Any:
    """Wagtail asks a page to draw its own preview; our pages are drawn in a layer above the models."""
    from . import views

    return views.preview(page, request, mode_name)


def arrange_groups(app_config: AppConfig, **_: Any) -> None:
    """After everything else is migrated: Wagtail's permissions exist by then."""
    from django.apps import apps

    from . import services

    with_models = [config for config in apps.get_app_configs() if config.models_module]
    if app_config is with_models[-1]:
        services.arrange_groups()
