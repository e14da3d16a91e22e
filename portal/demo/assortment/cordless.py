"""Cordless tools, batteries and chargers of the 12, 18 and 36 V platforms."""

from collections.abc import Iterator
from dataclasses import dataclass

from .base import BRUSHED, BRUSHLESS, NO_BATTERY, AttributeValue, Draft, Words, neat, ru_number

# Suffix of the SKU, what is in the box, batteries, price of one battery as a share of its list price.
# fmt: off
_KITS: dict[str, tuple[Words, int, float]] = {
    "02": (NO_BATTERY, 0, 0.0),
    "10": (Words("2 × 2,0 А·ч, кейс", "2 × 2.0 Ah, case"), 2, 2.0),
    "12": (Words("2 × 4,0 А·ч, кейс", "2 × 4.0 Ah, case"), 2, 4.0),
    "15": (Words("2 × 5,0 А·ч, кейс", "2 × 5.0 Ah, case"), 2, 5.0),
    "01": (Words("1 × 2,0 А·ч, коробка", "1 × 2.0 Ah, carton"), 1, 2.0),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of cordless tool: one row of the brochure, its models under it."""

    kind: Words
    letters: Words
    category: str
    drawing: str
    unit: Words
    attribute: str
    kits: tuple[str, ...]
    extra: Words | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """One machine, before it is packed with batteries or without."""

    line: Line
    code: str
    volts: int
    value: float
    price: int
    brushless: bool = True
    note: Words | None = None

    @property
    def name(self) -> Words:
        tail = ru_number(self.value)
        return Words(
            f"{self.line.letters.ru}-{self.volts}/{tail}", f"{self.line.letters.en}-{self.volts}/{self.value:g}"
        )


def _line(
    ru: str,
    en: str,
    letters: tuple[str, str],
    category: str,
    drawing: str,
    unit: tuple[str, str],
    attribute: str,
    kits: str,
) -> Line:
    return Line(Words(ru, en), Words(*letters), category, drawing, Words(*unit), attribute, tuple(kits.split()))


_NM, _MM, _J = ("Н·м", "N·m"), ("мм", "mm"), ("Дж", "J")
_ALL, _BIG, _BARE = "02 01 10 12", "02 12 15", "02"

# fmt: off
DRIVER = _line("Дрель-шуруповёрт", "Drill driver", ("ДШ", "DS"), "drill-drivers", "drill", _NM, "torque", _ALL)
IMPACT_DRILL = _line("Дрель-шуруповёрт ударная", "Hammer drill driver", ("ДШУ", "DSU"), "drill-drivers",
                     "drill-impact", _NM, "torque", _BIG)
WRENCH = _line("Гайковёрт", "Impact wrench", ("ГА", "GA"), "impact-wrenches", "wrench", _NM, "torque", _BIG)
IMPACT_DRIVER = _line("Винтовёрт", "Impact driver", ("ВА", "VA"), "impact-drivers", "impact-driver", _NM, "torque", _ALL)
HAMMER = _line("Перфоратор аккумуляторный", "Cordless rotary hammer", ("ПА", "PA"), "rotary-hammers",
               "hammer-cordless", _J, "energy", _BIG)
GRINDER = _line("УШМ аккумуляторная", "Cordless angle grinder", ("УА", "UA"), "angle-grinders", "grinder-cordless",
                _MM, "disc", _BIG)
JIGSAW = _line("Лобзик аккумуляторный", "Cordless jigsaw", ("ЛА", "LA"), "jigsaws", "jigsaw", _MM, "stroke", "02 12")
CIRCULAR = _line("Пила дисковая аккумуляторная", "Cordless circular saw", ("ПД", "PD"), "saws", "saw-circular", _MM,
                 "disc", "02 12 15")
SABRE = _line("Пила сабельная аккумуляторная", "Cordless reciprocating saw", ("ПС", "PS"), "saws", "saw-sabre", _MM,
              "stroke", "02 12")
SANDER = _line("Шлифмашина эксцентриковая аккумуляторная", "Cordless random orbit sander", ("ША", "SHA"), "sanders",
               "sander", _MM, "disc", "02 12")
MULTI = _line("Реноватор аккумуляторный", "Cordless multi-tool", ("РА", "RA"), "sanders", "multi", ("°", "°"),
              "angle", "02 10")
PLANER = _line("Рубанок аккумуляторный", "Cordless planer", ("РБА", "RBA"), "routers-planers", "planer", _MM, "width",
               "02 12")
BLOWER = _line("Воздуходувка аккумуляторная", "Cordless blower", ("ВД", "VD"), "garden", "blower", ("м/с", "m/s"),
               "air_speed", "02 12")
TRIMMER = _line("Триммер аккумуляторный", "Cordless trimmer", ("ТР", "TR"), "garden", "trimmer", _MM, "width", "02 12")
CHAINSAW = _line("Пила цепная аккумуляторная", "Cordless chainsaw", ("ПЦ", "PC"), "garden", "chainsaw", _MM, "length",
                 "02 15")
LAMP = _line("Фонарь аккумуляторный", "Cordless work light", ("ФА", "FA"), "power-tools", "lamp", ("лм", "lm"),
             "light", _BARE)
# fmt: on

_COMPACT = Words("компакт", "compact")

# line, SKU code, volts, the figure in the model's name, base price of the bare tool in RUB, brushless, note
# fmt: off
MODELS: tuple[Model, ...] = (
    Model(DRIVER, "1230", 12, 30, 4350, brushless=False),
    Model(DRIVER, "1235", 12, 35, 5200),
    Model(DRIVER, "1240", 12, 40, 5790),
    Model(DRIVER, "1840", 18, 40, 6960, note=_COMPACT),
    Model(DRIVER, "1845", 18, 45, 6150, brushless=False),
    Model(DRIVER, "1850", 18, 50, 7480),
    Model(DRIVER, "1855", 18, 55, 8560),
    Model(DRIVER, "1860", 18, 60, 9870),
    Model(DRIVER, "1880", 18, 80, 11450),
    Model(IMPACT_DRILL, "1236", 12, 36, 6100),
    Model(IMPACT_DRILL, "1851", 18, 50, 8150),
    Model(IMPACT_DRILL, "1865", 18, 65, 10650),
    Model(IMPACT_DRILL, "1881", 18, 80, 12100),
    Model(IMPACT_DRILL, "18110", 18, 110, 13510),
    Model(IMPACT_DRILL, "18135", 18, 135, 16240),
    Model(IMPACT_DRILL, "36160", 36, 160, 23900),
    Model(WRENCH, "1290", 12, 90, 6800),
    Model(WRENCH, "18250", 18, 250, 11900),
    Model(WRENCH, "18400", 18, 400, 14600),
    Model(WRENCH, "1960", 18, 600, 18900),
    Model(WRENCH, "18900", 18, 900, 23400),
    Model(WRENCH, "181500", 18, 1500, 31800),
    Model(IMPACT_DRIVER, "12110", 12, 110, 5600),
    Model(IMPACT_DRIVER, "18150", 18, 150, 7300),
    Model(IMPACT_DRIVER, "18180", 18, 180, 8700),
    Model(IMPACT_DRIVER, "18220", 18, 220, 10900),
    Model(HAMMER, "18P1", 18, 1.2, 12400),
    Model(HAMMER, "18P2", 18, 2, 15860),
    Model(HAMMER, "18P3", 18, 2.8, 18700),
    Model(HAMMER, "36P5", 36, 5, 34500),
    Model(GRINDER, "18U115", 18, 115, 9200),
    Model(GRINDER, "18U125", 18, 125, 10800),
    Model(GRINDER, "18U150", 18, 150, 14900),
    Model(GRINDER, "36U230", 36, 230, 27800),
    Model(JIGSAW, "18L20", 18, 20, 9900),
    Model(JIGSAW, "18L26", 18, 26, 13200),
    Model(CIRCULAR, "18D140", 18, 140, 9700),
    Model(CIRCULAR, "18D165", 18, 165, 12900),
    Model(CIRCULAR, "18D190", 18, 190, 15900),
    Model(CIRCULAR, "36D235", 36, 235, 27400),
    Model(SABRE, "12S14", 12, 14, 7400),
    Model(SABRE, "18S22", 18, 22, 10400),
    Model(SABRE, "18S32", 18, 32, 14700),
    Model(SANDER, "18X125", 18, 125, 8900),
    Model(SANDER, "18X150", 18, 150, 12300),
    Model(MULTI, "12M3", 12, 3.2, 6900),
    Model(MULTI, "18M4", 18, 3.6, 9300),
    Model(PLANER, "18R82", 18, 82, 13600),
    Model(BLOWER, "18V55", 18, 55, 6900),
    Model(BLOWER, "36V72", 36, 72, 15800),
    Model(TRIMMER, "18T30", 18, 300, 8400),
    Model(TRIMMER, "36T38", 36, 380, 17900),
    Model(CHAINSAW, "18C15", 18, 150, 8600),
    Model(CHAINSAW, "18C30", 18, 300, 13900),
    Model(CHAINSAW, "36C40", 36, 400, 24600),
    Model(LAMP, "12F5", 12, 500, 2450),
    Model(LAMP, "18F10", 18, 1000, 3300),
    Model(LAMP, "18F30", 18, 3000, 6900),
)
# fmt: on

# Capacity in A·h → base price, by platform.
# fmt: off
BATTERIES: dict[int, dict[float, int]] = {
    12: {1.5: 1450, 2.0: 1780, 3.0: 2390, 4.0: 2990, 6.0: 4100},
    18: {2.0: 2460, 3.0: 3190, 4.0: 3890, 5.0: 4660, 6.0: 5600, 8.0: 7400, 9.0: 8450, 12.0: 11600},
    36: {2.5: 6400, 4.0: 8900, 6.0: 12300},
}
# fmt: on
# Amperes → base price, and minutes to fill 5 A·h (4 A·h at 36 V).
# fmt: off
CHARGERS: dict[int, dict[float, tuple[int, int]]] = {
    12: {2: (1180, 150), 4: (1690, 75), 6: (2190, 50)},
    18: {2: (1350, 155), 4: (1890, 80), 6: (2460, 55), 9: (3780, 38), 12: (5290, 28)},
    36: {4: (3900, 65), 8: (5800, 35)},
}
# fmt: on


def _attributes(model: Model, kit: Words) -> dict[str, AttributeValue]:
    weight = round(0.55 + model.price / 12000 + model.volts / 60, 2)
    return {
        model.line.attribute: model.value,
        "voltage": model.volts,
        "motor": BRUSHLESS if model.brushless else BRUSHED,
        "kit": kit,
        "weight": weight,
        "warranty": 36 if model.brushless else 24,
        "country": Words("Россия", "Russia"),
        "carton": 6 if model.volts < 36 else 2,
        **({"chuck": 10 if model.value <= 40 else 13} if model.line.category == "drill-drivers" else {}),
        **({"shank": "SDS-plus"} if model.line is HAMMER else {}),
    }


def _packed(model: Model, suffix: str) -> Draft:
    kit, count, capacity = _KITS[suffix]
    line, volts = model.line, model.volts
    price = float(model.price)
    if count:
        shelf = BATTERIES[volts]
        cell = shelf[min(shelf, key=lambda size: abs(size - capacity))]
        price = model.price * 0.94 + count * cell * 0.72 + 1150
    note_ru, note_en = (f" {model.note.ru}", f" {model.note.en}") if model.note else ("", "")
    value = Words(ru_number(model.value), f"{model.value:g}")
    name = Words(
        f"{line.kind.ru} {model.name.ru}{note_ru}, {volts} В, {value.ru} {line.unit.ru}, {kit.ru}",
        f"{line.kind.en} {model.name.en}{note_en}, {volts} V, {value.en} {line.unit.en}, {kit.en}",
    )
    drawing = line.drawing if not count else f"{line.drawing}:kit"
    return Draft(
        f"TV-{model.code}.{suffix}",
        f"{model.name.en}.{suffix}",
        name,
        "tveron",
        line.category,
        neat(price),
        drawing,
        _attributes(model, kit),
    )


def cordless() -> Iterator[Draft]:
    """Every cordless machine in every kit it is sold in."""
    for model in MODELS:
        for suffix in model.line.kits:
            yield _packed(model, suffix)


def batteries() -> Iterator[Draft]:
    """Batteries `AK-<volts><capacity × 10>` and their slim twins with a charge indicator."""
    for volts, shelf in BATTERIES.items():
        for capacity, price in shelf.items():
            code = f"AK-{volts}{capacity * 10:.0f}"
            ru, en = f"{capacity:.1f}".replace(".", ","), f"{capacity:.1f}"
            attributes: dict[str, AttributeValue] = {
                "capacity": capacity,
                "voltage": volts,
                "weight": round(0.12 * capacity * volts / 18 + 0.02, 2),
                "warranty": 24,
                "country": Words("Россия", "Russia"),
                "carton": 12,
            }
            yield Draft(
                code,
                f"LI{volts}-{capacity * 10:.0f}",
                Words(f"Аккумулятор Li-ion {volts} В, {ru} А·ч", f"Li-ion battery {volts} V, {en} Ah"),
                "tveron",
                "batteries",
                neat(price),
                "battery" if capacity < 6 else "battery:large",
                attributes,
            )


def chargers() -> Iterator[Draft]:
    """Chargers `ZU-<volts><amperes>`, single, and double ones from 6 A at 18 V."""
    for volts, shelf in CHARGERS.items():
        for amperes, (price, minutes) in shelf.items():
            attributes: dict[str, AttributeValue] = {
                "amperage": amperes,
                "voltage": volts,
                "charge_time": minutes,
                "warranty": 24,
                "carton": 10,
                "weight": round(0.35 + amperes * 0.06, 2),
            }
            yield Draft(
                f"ZU-{volts}{amperes:02g}",
                f"CH{volts}-{amperes:g}",
                Words(f"Зарядное устройство {volts} В, {amperes:g} А", f"Charger {volts} V, {amperes:g} A"),
                "tveron",
                "chargers",
                neat(price),
                "charger",
                attributes,
            )
            if amperes >= 6:
                yield Draft(
                    f"ZU-{volts}{amperes:02g}D",
                    f"CH{volts}-{amperes:g}D",
                    Words(
                        f"Зарядное устройство двойное {volts} В, 2 × {amperes:g} А",
                        f"Double charger {volts} V, 2 × {amperes:g} A",
                    ),
                    "tveron",
                    "chargers",
                    neat(price * 1.8),
                    "charger:double",
                    attributes,
                )
