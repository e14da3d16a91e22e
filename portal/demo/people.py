"""Regions, dealers and the people who may sign in. Nobody and nothing here exists: tax ids begin with 9901."""

import base64
import hashlib
from dataclasses import dataclass

from .assortment.base import Words

PASSWORD = "Tveron-demo-2026"  # noqa: S105 - the demo's one password, printed by `make signins`


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: Words
    parent: str | None
    timezone: str = "Europe/Moscow"


@dataclass(frozen=True, slots=True)
class Dealer:
    """`volume` is what the dealer buys in a year, in RUB without tax; `growth` its share a year."""

    code: str
    name: str
    town: str
    region: str
    domain: str
    legal_name: str
    tax_id: str
    volume: int
    growth: float
    clients: int
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may sign in: at dealers in roles, or at the head office in one."""

    email: str
    first_name: str
    last_name: str
    language: str = "ru"
    staff_role: str = ""
    memberships: tuple[tuple[str, str], ...] = ()
    listed: bool = False

    @property
    def otp_secret(self) -> str | None:
        """The fixed TOTP secret in base32: the head office cannot sign in without a second factor."""
        if not self.staff_role:
            return None
        return base64.b32encode(hashlib.sha256(f"tveron demo {self.email}".encode()).digest()[:20]).decode()


def company_tax_id(first_nine: str) -> str:
    """A ten-digit ИНН with its check digit (Federal Tax Service order ММВ-7-6/435)."""
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return first_nine + str(
        sum(int(digit) * weight for digit, weight in zip(first_nine, weights, strict=True)) % 11 % 10
    )


def trader_tax_id(first_ten: str) -> str:
    """A twelve-digit ИНН of a sole trader with its two check digits."""
    number = first_ten
    for weights in ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)):
        number += str(sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11 % 10)
    return number


_SAMARA, _URAL, _KALININGRAD = "Europe/Samara", "Asia/Yekaterinburg", "Europe/Kaliningrad"
# fmt: off
REGIONS = (
    Region("russia", Words("Россия", "Russia"), None),
    Region("centre", Words("Центр", "Centre"), "russia"),
    Region("moscow", Words("Москва и область", "Moscow and region"), "centre"),
    Region("tula", Words("Тульская область", "Tula region"), "centre"),
    Region("voronezh", Words("Воронежская область", "Voronezh region"), "centre"),
    Region("yaroslavl", Words("Ярославская область", "Yaroslavl region"), "centre"),
    Region("south", Words("Юг", "South"), "russia"),
    Region("krasnodar", Words("Краснодарский край и Адыгея", "Krasnodar and Adygea"), "south"),
    Region("rostov", Words("Ростовская область", "Rostov region"), "south"),
    Region("stavropol", Words("Ставропольский край", "Stavropol region"), "south"),
    Region("volgograd", Words("Волгоградская область", "Volgograd region"), "south"),
    Region("volga", Words("Волга", "Volga"), "russia"),
    Region("nizhny", Words("Нижегородская область", "Nizhny Novgorod region"), "volga"),
    Region("tatarstan", Words("Татарстан", "Tatarstan"), "volga"),
    Region("samara", Words("Самарская область", "Samara region"), "volga", _SAMARA),
    Region("saratov", Words("Саратовская область", "Saratov region"), "volga", "Europe/Saratov"),
    Region("urals", Words("Урал", "Urals"), "russia", _URAL),
    Region("sverdlovsk", Words("Свердловская область", "Sverdlovsk region"), "urals", _URAL),
    Region("chelyabinsk", Words("Челябинская область", "Chelyabinsk region"), "urals", _URAL),
    Region("perm", Words("Пермский край", "Perm region"), "urals", _URAL),
    Region("tyumen", Words("Тюменская область", "Tyumen region"), "urals", _URAL),
    Region("northwest", Words("Северо-Запад", "North-West"), "russia"),
    Region("petersburg", Words("Санкт-Петербург и область", "Saint Petersburg and region"), "northwest"),
    Region("arkhangelsk", Words("Архангельская область", "Arkhangelsk region"), "northwest"),
    Region("karelia", Words("Карелия", "Karelia"), "northwest"),
    Region("kaliningrad", Words("Калининградская область", "Kaliningrad region"), "northwest", _KALININGRAD),
)
# fmt: on

# code, name, town, region, yearly volume in thousands of RUB, growth in %, clients
# fmt: off
_DEALERS = (
    ("verstak-yug", "Верстак-Юг", "Краснодар", "krasnodar", 5000, 9, 64),
    ("verstak-kavkaz", "Верстак-Кавказ", "Ставрополь", "stavropol", 2310, 14, 38),
    ("kubanmetiz", "Кубань-Метиз", "Армавир", "krasnodar", 1480, 4, 30),
    ("chernomor", "Черномор-Инструмент", "Новороссийск", "krasnodar", 3740, 11, 45),
    ("donskoy-tsekh", "Донской цех", "Ростов-на-Дону", "rostov", 8920, 7, 92),
    ("azov-snab", "Азов-Снаб", "Таганрог", "rostov", 1130, 2, 24),
    ("stepnoy-master", "Степной мастер", "Волгодонск", "rostov", 690, -3, 18),
    ("volgo-don", "Волго-Дон Техника", "Волгоград", "volgograd", 4260, 8, 52),
    ("kamyshin", "Камышинский двор", "Камышин", "volgograd", 540, 1, 14),
    ("rezets-ural", "Резец-Урал", "Екатеринбург", "sverdlovsk", 11840, 10, 120),
    ("tagil-instrument", "Тагил-Инструмент", "Нижний Тагил", "sverdlovsk", 3180, 5, 44),
    ("malahit-tools", "Малахит-Тулс", "Первоуральск", "sverdlovsk", 870, 6, 19),
    ("chelyab-stanok", "Челяб-Станок", "Челябинск", "chelyabinsk", 7350, 9, 84),
    ("magnitka", "Магнитка-Сервис", "Магнитогорск", "chelyabinsk", 2640, 3, 36),
    ("kama-snab", "Кама-Снаб", "Пермь", "perm", 4820, 12, 58),
    ("solikamsk", "Соль-Кама Инструмент", "Соликамск", "perm", 620, -1, 16),
    ("tyumen-master", "Тюмень-Мастер", "Тюмень", "tyumen", 6240, 15, 70),
    ("tobol", "Тобол-Техно", "Тобольск", "tyumen", 980, 7, 20),
    ("stanovoy", "Становой инструмент", "Москва", "moscow", 14600, 6, 160),
    ("mytishchi-tools", "Мытищи-Тулс", "Мытищи", "moscow", 5120, 10, 66),
    ("podolsk-master", "Подольский мастер", "Подольск", "moscow", 3460, 8, 48),
    ("klin-metiz", "Клин-Метиз", "Клин", "moscow", 1270, 0, 26),
    ("levsha-tula", "Левша-Тула", "Тула", "tula", 3950, 9, 50),
    ("novomoskovsk", "Новый Верстак", "Новомосковск", "tula", 710, 4, 17),
    ("chernozem", "Чернозём-Инструмент", "Воронеж", "voronezh", 6480, 11, 74),
    ("borisoglebsk", "Борисоглебский склад", "Борисоглебск", "voronezh", 480, -2, 12),
    ("medved-yar", "Медведь-Яр", "Ярославль", "yaroslavl", 2890, 6, 40),
    ("rybinsk-tools", "Рыбинск-Тулс", "Рыбинск", "yaroslavl", 830, 5, 18),
    ("okskiy", "Окский инструмент", "Нижний Новгород", "nizhny", 6070, 8, 72),
    ("arzamas", "Арзамас-Снаб", "Арзамас", "nizhny", 940, 3, 20),
    ("dzerzhinsk", "Дзержинский верстак", "Дзержинск", "nizhny", 1620, 7, 28),
    ("kazan-usta", "Казань-Уста", "Казань", "tatarstan", 7890, 13, 88),
    ("chelny-tools", "Челны-Тулс", "Набережные Челны", "tatarstan", 3320, 9, 46),
    ("zhiguli-master", "Жигули-Мастер", "Самара", "samara", 4470, 5, 56),
    ("tolyatti", "Тольятти-Комплект", "Тольятти", "samara", 2180, 4, 34),
    ("saratov-snab", "Саратов-Снаб", "Саратов", "saratov", 2730, 6, 38),
    ("neva-instrument", "Нева-Инструмент", "Санкт-Петербург", "petersburg", 9760, 8, 104),
    ("pomor", "Помор-Техника", "Архангельск", "arkhangelsk", 1840, 10, 30),
    ("onego", "Онего-Мастер", "Петрозаводск", "karelia", 1210, 2, 24),
    ("yantar", "Янтарный верстак", "Калининград", "kaliningrad", 2950, 12, 42),
)
# fmt: on


def _dealer(number: int, row: tuple[str, str, str, str, int, int, int]) -> Dealer:
    code, name, town, region, volume, growth, clients = row
    return Dealer(
        code=code, name=name, town=town, region=region, domain=f"{code}.example", legal_name=f"ООО «{name}»",
        tax_id=company_tax_id(f"9901{number * 137 + 90011:05d}"), volume=volume * 1000, growth=growth / 100,
        clients=clients, serves=(region,),
    )  # fmt: skip


DEALERS = tuple(_dealer(number, row) for number, row in enumerate(_DEALERS, start=1))

# fmt: off
_NAMED = (
    Person("irina@verstak-yug.example", "Ирина", "Верещак", memberships=(("verstak-yug", "owner"), ("verstak-kavkaz", "reader")), listed=True),
    Person("pavel@verstak-yug.example", "Павел", "Остров", memberships=(("verstak-yug", "buyer"),), listed=True),
    Person("marina@verstak-yug.example", "Марина", "Ковыль", memberships=(("verstak-yug", "seller"),), listed=True),
    Person("anton@verstak-yug.example", "Антон", "Репейник", memberships=(("verstak-yug", "reader"),), listed=True),
    Person("ruslan@verstak-kavkaz.example", "Руслан", "Тополев", memberships=(("verstak-kavkaz", "owner"),), listed=True),
    Person("zarema@verstak-kavkaz.example", "Зарема", "Алычова", memberships=(("verstak-kavkaz", "buyer"),), listed=True),
    Person("igor@verstak-kavkaz.example", "Игорь", "Вязов", memberships=(("verstak-kavkaz", "seller"),), listed=True),
    Person("liza@verstak-kavkaz.example", "Елизавета", "Мятная", memberships=(("verstak-kavkaz", "reader"),), listed=True),
    Person("boris@rezets-ural.example", "Борис", "Кедров", memberships=(("rezets-ural", "owner"),), listed=True),
    Person("galina@rezets-ural.example", "Галина", "Рябинина", memberships=(("rezets-ural", "buyer"),), listed=True),
    Person("stepan@rezets-ural.example", "Степан", "Ельников", language="en", memberships=(("rezets-ural", "seller"),), listed=True),
    Person("yulia@rezets-ural.example", "Юлия", "Черёмухина", memberships=(("rezets-ural", "reader"),), listed=True),
    Person("darya@tveron.example", "Дарья", "Полынь", staff_role="editor", listed=True),
    Person("oleg@tveron.example", "Олег", "Кипрей", staff_role="manager", listed=True),
    Person("nina@tveron.example", "Нина", "Осока", staff_role="programme", listed=True),
    Person("timur@tveron.example", "Тимур", "Ясень", staff_role="analyst", listed=True),
    Person("vera@tveron.example", "Вера", "Лунь", staff_role="administrator", listed=True),
)
# fmt: on

# fmt: off
_OWNERS = (
    ("sergey", "Сергей"), ("olga", "Ольга"), ("dmitry", "Дмитрий"), ("elena", "Елена"), ("andrey", "Андрей"),
    ("svetlana", "Светлана"), ("maxim", "Максим"), ("tatiana", "Татьяна"), ("roman", "Роман"), ("nadezhda", "Надежда"),
)
# fmt: on
_TREES = ("Берёз", "Дуб", "Клён", "Лип", "Осин", "Ольх", "Сосн", "Терн", "Ив", "Яблон")


def _staff(number: int, dealer: Dealer) -> tuple[Person, ...]:
    """The owner and the buyer of a dealer that no sign-in is listed for."""
    people = []
    for shift, role in ((0, "owner"), (5, "buyer")):
        place = (number + shift) % 10
        login, first = _OWNERS[place]
        last = _TREES[(number * 3 + shift) % 10] + ("ова" if place % 2 else "ов")
        people.append(Person(f"{login}@{dealer.domain}", first, last, memberships=((dealer.code, role),)))
    return tuple(people)


def people() -> tuple[Person, ...]:
    """Everyone who may sign in, the listed ones first."""
    named = {code for person in _NAMED for code, _ in person.memberships}
    rest = (_staff(number, dealer) for number, dealer in enumerate(DEALERS) if dealer.code not in named)
    return (*_NAMED, *(person for pair in rest for person in pair))


def signins() -> list[dict[str, str | None]]:
    """The sign-ins that `make signins` prints, one a person: in the role and at the dealer where signing in leads first."""
    rows: list[dict[str, str | None]] = []
    names = {dealer.code: dealer.name for dealer in DEALERS}
    for person in (person for person in people() if person.listed):
        role, dealer = person.staff_role, None
        if person.memberships:
            role, dealer = person.memberships[0][1], names[person.memberships[0][0]]
        row: dict[str, str | None] = {"role": role, "email": person.email, "password": PASSWORD, "dealer": dealer}
        rows.append(row | ({"otp_secret": person.otp_secret} if person.otp_secret else {}))
    return rows
