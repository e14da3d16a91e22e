"""The roots of the two languages, as a new portal begins with."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Locale, Page, Site

from accounts.models import Audience

from ..models import HomePage

TITLES = {"ru": "Знания", "en": "Knowledge"}


@transaction.atomic
def plant(*, audience: Audience) -> dict[str, HomePage]:
    """The first page of each language, by language code; made where absent, Wagtail's welcome page removed.

    `audience` narrows everything below: give one that everybody belongs to.
    """
    root = Page.get_first_root_node() or Page.add_root(
        title="Root", slug="root", locale=Locale.objects.get_or_create(language_code="ru")[0]
    )
    homes: dict[str, HomePage] = {}
    for language, title in TITLES.items():
        locale, _is_new = Locale.objects.get_or_create(language_code=language)
        home = HomePage.objects.filter(locale=locale).first()
        if home is None:
            home = HomePage(title=title, slug=language, locale=locale, audience=audience)
            if homes:
                home.translation_key = homes["ru"].translation_key
            root.add_child(instance=home)
        homes[language] = home
        root.refresh_from_db()
    Site.objects.exclude(is_default_site=True).delete()
    Site.objects.update_or_create(
        is_default_site=True, defaults={"root_page": homes["ru"], "hostname": "localhost", "site_name": "Portal"}
    )
    for welcome in root.get_children().exclude(pk__in=[home.pk for home in homes.values()]):
        if not welcome.specific_class or welcome.specific_class is Page:
            welcome.delete()
    return homes
