"""The 2,000 companies that dealers sell to, and which dealer works with which."""

import random
import re
from dataclasses import dataclass
from functools import cache

from .people import DEALERS, Dealer, company_tax_id, trader_tax_id

COUNT = 2000


@dataclass(frozen=True, slots=True)
class Client:
    """A company of the client base; `dealers` are the codes of those who have it on their list."""

    name: str
    tax_id: str
    town: str
    phone: str
    email: str
    domain: str
    dealers: tuple[str, ...]


# fmt: off
_KNOWN = (
    ("Завод ЖБИ «Камнеград»", "990102457", "Тимашёвск"),
    ("Домострой-Лабинск", "990103188", "Лабинск"),
    ("Мебельный двор «Рубанок»", "990100741", "Краснодар"),
    ("Кровля и Фасад", "990101823", "Майкоп"),
    ("СтройАрсенал-Тихорецк", "990104479", "Тихорецк"),
    ("ИП Берёзкин, сервис инструмента", "9901022771", "Краснодар"),
    ("Паркет-Юг", "990105012", "Армавир"),
)
_TRADES = (
    "Строй", "Монтаж", "Ремонт", "Металл", "Кровля", "Мебель", "Сварка", "Бетон", "Окна", "Паркет", "Сантех", "Электро",
    "Фасад", "Отделка", "Дерево", "Камень", "Авто", "Агро", "Тепло", "Мост",
)
_ENDINGS = (
    "Арсенал", "Гарант", "Двор", "Комплект", "Лига", "Мастер", "Плюс", "Проект", "Профи", "Ресурс", "Сервис", "Союз",
    "Стандарт", "Техно", "Трест", "Центр", "Альянс", "База", "Эксперт", "Артель",
)
_FORMS = (
    "ООО «{trade}{ending}»", "ООО «{trade}-{town}»", "{trade}{ending}-{town}", "АО «{trade}{ending}»", "СК «{trade}{ending}»",
    "ПК «{ending}-{trade}»", "ТД «{trade} и {second}»", "ИП {surname}, {craft}",
)
_SURNAMES = (
    "Алексеев", "Баранов", "Виноградов", "Гусев", "Денисов", "Егоров", "Жуков", "Зайцев", "Ильин", "Киселёв", "Лебедев",
    "Морозов", "Никитин", "Орлов", "Павлов", "Романов", "Соколов", "Тарасов", "Ушаков", "Фёдоров", "Хохлов", "Цветков",
    "Чернов", "Шилов", "Щукин", "Юдин", "Яковлев",
)
_CRAFTS = ("ремонт инструмента", "мебель на заказ", "отделка", "кровельные работы", "сварка", "автосервис", "прокат инструмента", "монтаж окон")
_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}
# fmt: on
_DRESS = re.compile(r"^(?:ООО|АО|СК|ПК|ТД|ИП) |[«»]")
_AREA_CODES = {
    "krasnodar": "861",
    "stavropol": "865",
    "rostov": "863",
    "volgograd": "844",
    "sverdlovsk": "343",
    "moscow": "495",
    "petersburg": "812",
}


def domain_of(name: str, number: int) -> str:
    """A reserved-domain address made of a company's name: `stroyarsenal-17.example`."""
    plain = "".join(
        _LETTERS.get(letter, letter if letter.isascii() and letter.isalnum() else "-") for letter in name.lower()
    )
    words = [word for word in plain.split("-") if word not in ("", "ooo", "ao", "sk", "pk", "td", "ip")]
    return f"{'-'.join(words)[:40].strip('-')}-{number}.example"


def plain_name(name: str) -> str:
    """The name as a second dealer may have typed it: without legal form and quotes. Each dealer's card says its own."""
    return _DRESS.sub("", name)


def _name(chance: random.Random, dealer: Dealer) -> str:
    return chance.choice(_FORMS).format(
        trade=chance.choice(_TRADES), second=chance.choice(_TRADES), ending=chance.choice(_ENDINGS), town=dealer.town,
        surname=chance.choice(_SURNAMES), craft=chance.choice(_CRAFTS),
    )  # fmt: skip


def _client(number: int, name: str, stem: str, town: str, dealers: tuple[Dealer, ...]) -> Client:
    domain = domain_of(name, number)
    area = _AREA_CODES.get(dealers[0].region, "800")
    return Client(
        name=name,
        tax_id=trader_tax_id(stem) if len(stem) == 10 else company_tax_id(stem),
        town=town,
        phone=f"+7{area}000{number:04d}",
        email=f"info@{domain}",
        domain=domain,
        dealers=tuple(dealer.code for dealer in dealers),
    )


def _neighbour(dealer: Dealer, chance: random.Random) -> Dealer | None:
    """Sometimes another dealer of the same place works with the client too."""
    others = [other for other in DEALERS if other.region == dealer.region and other is not dealer]
    return chance.choice(others) if others and chance.random() < 0.08 else None


@cache
def clients() -> tuple[Client, ...]:
    """The whole base in a fixed order: the ones the guides name first, then dealer by dealer."""
    chance = random.Random("clients of the demo")
    found = [_client(number, *row, (DEALERS[0],)) for number, row in enumerate(_KNOWN, start=1)]
    seen = {client.name for client in found}
    wanted = sum(dealer.clients for dealer in DEALERS)
    for dealer in DEALERS:
        quota = dealer.clients * COUNT // wanted if dealer is not DEALERS[0] else dealer.clients
        while quota > sum(client.dealers[0] == dealer.code for client in found[-quota:]) and len(found) < COUNT:
            _add(found, seen, dealer, chance)
    while len(found) < COUNT:
        _add(found, seen, chance.choice(DEALERS[1:]), chance)
    return tuple(found)


def _add(found: list[Client], seen: set[str], dealer: Dealer, chance: random.Random) -> None:
    name = _name(chance, dealer)
    if name in seen:
        return
    seen.add(name)
    number = len(found) + 1
    stem = f"9901{100000 + number * 7:06d}" if name.startswith("ИП ") else f"9901{10000 + number * 11:05d}"
    neighbour = _neighbour(dealer, chance)
    found.append(_client(number, name, stem, dealer.town, (dealer, neighbour) if neighbour else (dealer,)))
