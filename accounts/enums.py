"""The words of rights: who a person is, and what may be asked for."""

from enum import Enum, StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """A member's role at one dealer."""

    OWNER = "owner", _("Owner")
    BUYER = "buyer", _("Buyer")
    SELLER = "seller", _("Seller")
    READER = "reader", _("Reader")


class StaffRole(TextChoices):
    """A head-office person's role."""

    EDITOR = "editor", _("Editor")
    MANAGER = "manager", _("Dealer manager")
    PROGRAMME = "programme", _("Programme manager")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


class Language(TextChoices):
    RU = "ru", "Русский"
    EN = "en", "English"


class Right(StrEnum):
    """What a principal may be asked for. The table of who has which is `accounts.rules.RIGHTS`."""

    READ_CONTENT = "read_content"
    VIEW_ARTICLES = "view_articles"
    VIEW_PRICES = "view_prices"
    USE_CART = "use_cart"
    PLACE_ORDERS = "place_orders"
    VIEW_ORDERS = "view_orders"
    VIEW_ALL_DEALER_ORDERS = "view_all_dealer_orders"
    VIEW_SALES = "view_sales"
    VIEW_CLIENTS = "view_clients"
    EDIT_CLIENTS = "edit_clients"
    APPROVE_ORDERS = "approve_orders"
    MANAGE_PEOPLE = "manage_people"
    # head office
    READ_EVERY_AUDIENCE = "read_every_audience"
    EDIT_CONTENT = "edit_content"
    MANAGE_DEALERS = "manage_dealers"
    MANAGE_ORDERS = "manage_orders"
    MANAGE_CLIENTS = "manage_clients"
    MANAGE_PROGRAMME = "manage_programme"
    MANAGE_PRICES = "manage_prices"
    READ_FIGURES = "read_figures"
    ADMINISTER = "administer"


class Open(Enum):
    """Access rules that need no right."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
