"""What a person may want to do, where on the portal it is done, and who may: the first answer to "как оформить заказ"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Right
from accounts.principals import Principal
from search import analysis

_SPARE_WORDS: Final = 2  # words that a question may have beside those of the task
_SHORTEST_BEGINNING: Final = 3  # letters of an unfinished word
_QUESTION: Final = re.compile(
    r"^\s*(?:как|где|куда|кому|почему|зачем|когда|можно ли|что (?:делать|если|значит)|how|where|why|when|what|who|can i|may i)\b",
    re.IGNORECASE,
)

Word = tuple[str, ...]  # its stem and lemmas


@dataclass(frozen=True, slots=True)
class Action:
    """Something that is done on a page. `phrases`: how people ask for it, in both languages, in their own words."""

    title: Promise
    note: Promise
    route: str
    icon: str
    right: Right
    phrases: tuple[str, ...]


ACTIONS: Final = (
    Action(
        _("Place an order"),
        _("Paste lines or a file: each gets its answer, then one button"),
        "orders:quick", "lightning-charge", Right.USE_CART,
        ("оформить заказ", "разместить заказ", "сделать заказ", "создать заказ", "новый заказ", "заказать товар",
         "place order", "make order", "new order", "create order", "order goods"),
    ),
    Action(
        _("Order from a list or a file"),
        _("Any separator, own codes, barcodes, XLSX and CSV"),
        "orders:quick", "file-earmark-spreadsheet", Right.USE_CART,
        ("быстрый заказ", "заказ из файла", "заказ из excel", "заказ списком", "загрузить заказ",
         "quick order", "order from file", "order from excel", "upload order"),
    ),
    Action(
        _("See where an order is"),
        _("Stages, shipments and promised days, line by line"),
        "orders:list", "clock-history", Right.VIEW_ORDERS,
        ("где заказ", "статус заказа", "отследить заказ", "когда придёт заказ", "мои заказы",
         "track order", "order status", "my orders", "where is my order"),
    ),
    Action(
        _("Repeat an order"),
        _("Open it: the difference in price and stock is shown first"),
        "orders:list", "arrow-repeat", Right.VIEW_ORDERS,
        ("повторить заказ", "заказать снова", "repeat order", "order again", "reorder"),
    ),
    Action(
        _("Cancel an order"),
        _("Open it: what has not left the warehouse can be cancelled"),
        "orders:list", "x-circle", Right.PLACE_ORDERS,
        ("отменить заказ", "отмена заказа", "cancel order"),
    ),
    Action(
        _("Take the price list along"),
        _("Your own prices as XLSX, CSV or JSON"),
        "pricing:price-list", "tags", Right.VIEW_PRICES,
        ("скачать прайс", "прайс лист", "выгрузить прайс", "мои цены", "download price list", "price list", "my prices"),
    ),
    Action(
        _("See the tier and the discount"),
        _("Volume so far, the way to the next tier"),
        "programme:programme", "award", Right.VIEW_SALES,
        ("узнать скидку", "моя скидка", "следующий уровень", "партнёрская программа",
         "my discount", "next tier", "partner programme"),
    ),
    Action(
        _("See what you bought"),
        _("By month, category, article and client"),
        "sales:history", "bar-chart", Right.VIEW_SALES,
        ("история закупок", "история продаж", "статистика закупок", "sales history", "purchase history"),
    ),
    Action(
        _("Check a client"),
        _("Free, yours or protected; nobody learns that you asked"),
        "clients:list", "person-check", Right.VIEW_CLIENTS,
        ("проверить клиента", "проверка клиента", "check client", "check customer"),
    ),
    Action(
        _("Register a client"),
        _("The first complete claim wins; the head office decides"),
        "clients:register", "person-plus", Right.EDIT_CLIENTS,
        ("зарегистрировать клиента", "закрепить клиента", "защитить клиента", "register client", "protect client"),
    ),
    Action(
        _("Add a client"),
        _("To your own list: orders and sales are then kept by client"),
        "clients:new", "person-plus", Right.EDIT_CLIENTS,
        ("добавить клиента", "новый клиент", "add client", "new client"),
    ),
    Action(
        _("Bring your own codes"),
        _("From a file; search and quick order then understand them"),
        "codes:list", "upc-scan", Right.PLACE_ORDERS,
        ("свои коды", "загрузить коды", "импорт кодов", "own codes", "import codes", "upload codes"),
    ),
    Action(
        _("Invite a colleague"),
        _("Their role decides what they may do"),
        "accounts:people", "people", Right.MANAGE_PEOPLE,
        ("пригласить сотрудника", "добавить сотрудника", "пригласить коллегу", "новый сотрудник",
         "invite colleague", "add colleague", "invite employee", "add user"),
    ),
    Action(
        _("Change the password"),
        _("In your profile, with the second factor beside it"),
        "accounts:profile", "key", Right.READ_CONTENT,
        ("сменить пароль", "поменять пароль", "изменить пароль", "change password", "second factor", "второй фактор"),
    ),
    Action(
        _("Make an API token"),
        _("For your accounting system; it may do what you may"),
        "accounts:profile", "key", Right.READ_CONTENT,
        ("токен api", "получить токен", "api token", "access token"),
    ),
)  # fmt: skip


def is_question(text: str) -> bool:
    """Whether the text asks how, where or why: then guides answer before articles do."""
    return bool(_QUESTION.match(text)) or text.rstrip().endswith("?")


def action_for(principal: Principal, text: str, *, as_you_type: bool = False) -> Action | None:
    """What the text wants done, if it is a task this person may do: of the tasks whose words are all said, the one with most.

    A task of one word is meant by a question only: "где заказ", not "заказ".
    """
    said = frozenset(analysis.question_terms(text))
    beginning = analysis.last_word(text) if as_you_type else ""
    asks = is_question(text)
    best: tuple[int, Action] | None = None
    for action, phrase in _phrases():
        if not principal.may(action.right) or len(said) > len(phrase) + _SPARE_WORDS:
            continue
        missing = phrase - said
        is_meant = (said == phrase and asks) if len(phrase) == 1 else not missing or _is_begun(missing, beginning)
        if is_meant and (best is None or len(phrase) > best[0]):
            best = len(phrase), action
    return best[1] if best else None


def _is_begun(missing: frozenset[Word], beginning: str) -> bool:
    is_one = len(beginning) >= _SHORTEST_BEGINNING and len(missing) == 1
    return is_one and any(form.startswith(beginning) for word in missing for form in word)


@cache
def _phrases() -> tuple[tuple[Action, frozenset[Word]], ...]:
    def read() -> Iterator[tuple[Action, frozenset[Word]]]:
        for action in ACTIONS:
            for phrase in action.phrases:
                yield action, frozenset(analysis.question_terms(phrase))

    return tuple(read())
