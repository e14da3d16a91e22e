"""Carts, orders with their lines, and what happened to them."""

from __future__ import annotations

import datetime as dt

import pghistory
import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import EVERY_CHANGE, Dealer, LegalEntity, Membership, User
from ordering.catalog.models import Product, Warehouse
from ordering.clients.models import DealerClient
from portal.lib.money import Money

from .enums import EventKind, LetterKind, OrderStatus, Payment
from .querysets import CartLineQuerySet, CartQuerySet, OrderQuerySet

# `Order.events` is what people read; what the database noted by itself is `history`.
HISTORY = pghistory.ObjForeignKey(related_name="history")
CURRENCY = Q(currency__regex="^[A-Z]{3}$")


class Cart(models.Model):
    """What a person at one dealer is about to order. Its row is locked by whoever changes or places it."""

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="cart")
    updated_at = models.DateTimeField(auto_now=True)

    objects = CartQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.membership)


class CartLine(models.Model):
    """So many units of one article. `price_seen` is the unit price without tax when the line was last touched, so that
    the cart can say what has changed since."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    price_seen = models.DecimalField(max_digits=14, decimal_places=4, null=True)

    objects = CartLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cart", "product"], name="cart_line_once_per_article"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="cart_line_quantity_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.product} × {self.quantity}"


class Handover(models.Model):
    """A seller's cart given to a colleague who may order. Gone when that colleague's cart is ordered or emptied."""

    cart = models.ForeignKey(
        Cart, models.CASCADE, related_name="handovers", help_text="the cart that received the lines"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lines = models.PositiveIntegerField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.by} → {self.cart}"


@pghistory.track(*EVERY_CHANGE)
class BuyingTerms(models.Model):
    """What a dealer's orders are checked against, in the dealer's currency, without tax. A dealer without terms has no limits."""

    dealer = models.OneToOneField(Dealer, models.CASCADE, related_name="buying_terms", verbose_name=_("dealer"))
    minimum_order = models.DecimalField(_("smallest order"), max_digits=14, decimal_places=2, null=True, blank=True)
    approval_above = models.DecimalField(
        _("the owner approves orders above"), max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("buying terms")
        verbose_name_plural = _("buying terms")
        constraints = [
            models.CheckConstraint(condition=Q(minimum_order__gte=0), name="buying_terms_minimum_not_negative"),
            models.CheckConstraint(condition=Q(approval_above__gte=0), name="buying_terms_approval_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.dealer)


@pghistory.track(*EVERY_CHANGE, model_name="OrderHistory", obj_field=HISTORY)
class Order(models.Model):
    """What a dealer asked for. Amounts are as agreed when it was placed. Its lines move under a lock of its row."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="orders", verbose_name=_("dealer"))
    legal_entity = models.ForeignKey(
        LegalEntity, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("legal entity")
    )
    client = models.ForeignKey(
        DealerClient, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("for the client")
    )
    placed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("placed by"))
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("prepared by"))
    reference = models.CharField(_("dealer's own number"), max_length=60, blank=True)
    comment = models.CharField(_("delivery comment"), max_length=1000, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=OrderStatus.choices, default=OrderStatus.PLACED)
    payment = models.CharField(_("payment"), max_length=10, choices=Payment.choices, default=Payment.NONE)
    currency = models.CharField(_("currency"), max_length=3)
    net = models.DecimalField(_("without tax"), max_digits=16, decimal_places=4)
    tax = models.DecimalField(_("tax"), max_digits=16, decimal_places=4)
    total = models.DecimalField(_("to pay"), max_digits=16, decimal_places=4)
    placed_at = models.DateTimeField(_("placed at"))

    objects = OrderQuerySet.as_manager()

    # Annotations of `OrderQuerySet.with_progress`.
    lines_count: int
    units_ordered: int
    units_shipped: int
    units_cancelled: int
    units_backordered: int
    next_promise: dt.date | None
    stage: str

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="order_status_is_known"),
            models.CheckConstraint(condition=Q(payment__in=Payment.values), name="order_payment_is_known"),
            models.CheckConstraint(condition=CURRENCY, name="order_currency_is_iso_4217"),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax")), name="order_total_is_net_and_tax"),
        ]
        indexes = [
            models.Index(fields=["dealer", "-placed_at"], name="order_by_dealer"),
            models.Index(fields=["status", "-placed_at"], name="order_by_status"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="as_agreed", fields=["number", "dealer", "currency", "net", "tax", "total", "placed_at"]
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def units_confirmed(self) -> int:
        """Units that are promised, there, and have not left yet. Needs `with_progress`."""
        if self.status not in (OrderStatus.CONFIRMED, OrderStatus.IN_PROGRESS):
            return 0
        return self.units_ordered - self.units_cancelled - self.units_shipped - self.units_backordered

    @property
    def net_money(self) -> Money:
        return Money(self.net, self.currency)

    @property
    def tax_money(self) -> Money:
        return Money(self.tax, self.currency)

    @property
    def total_money(self) -> Money:
        return Money(self.total, self.currency)


@pghistory.track(
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["receipt"],
    model_name="OrderLineHistory",
    obj_field=HISTORY,
)
class OrderLine(models.Model):
    """One position, with a copy of the article, price and tax as they were, and the receipt that explains the price.

    Quantities are whole `unit`s: of what was `ordered`, so much is `confirmed`, `shipped`, `cancelled`; `backordered` waits for
    goods that were not in stock.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="order_lines")
    sku = models.CharField(max_length=80)
    name_ru = models.CharField(max_length=500, blank=True)
    name_en = models.CharField(max_length=500, blank=True)
    unit = models.CharField(max_length=20)
    ordered = models.PositiveIntegerField()
    confirmed = models.PositiveIntegerField(default=0)
    shipped = models.PositiveIntegerField(default=0)
    backordered = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    promised_on = models.DateField(null=True, blank=True)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    net = models.DecimalField(max_digits=16, decimal_places=4)
    tax = models.DecimalField(max_digits=16, decimal_places=4)
    total = models.DecimalField(max_digits=16, decimal_places=4)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2)
    receipt = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once"),
            models.CheckConstraint(condition=Q(ordered__gt=0), name="order_line_quantity_is_positive"),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax")), name="order_line_total_is_net_and_tax"),
            models.CheckConstraint(
                condition=Q(ordered__gte=F("shipped") + F("cancelled") + F("backordered")), name="order_line_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(confirmed__lte=F("ordered")), name="order_line_confirms_what_was_ordered"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="as_agreed",
                fields=["order", "position", "product", "sku", "name_ru", "name_en", "unit", "ordered", "unit_price", "net",
                        "tax", "total", "tax_rate", "receipt"],
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.sku} × {self.ordered}"

    @property
    def to_ship(self) -> int:
        """What is still to leave the warehouse."""
        return self.ordered - self.cancelled - self.shipped


class Reservation(models.Model):
    """Units of one line held in one warehouse: the other half of `Stock.reserved`."""

    line = models.ForeignKey(OrderLine, models.CASCADE, related_name="reservations")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "warehouse"], name="reservation_once_per_warehouse"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.quantity}"


class OrderEvent(models.Model):
    """What happened, in the order it happened: the order page's timeline."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["order", "-at"], name="order_event_by_order")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"

    @property
    def promised(self) -> dt.date | None:
        """The day that a confirmation promised."""
        said = self.facts.get("promised_on")
        return dt.date.fromisoformat(said) if said else None


class Letter(models.Model):
    """An e-mail owed to a person about an order, left in the transaction that owes it and sent by the worker."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="letters")
    to = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=LetterKind.choices)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "to", "kind"], name="letter_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="letter_unsent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_id}"
