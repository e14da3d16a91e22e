"""Mains-powered tools: every machine in its variants (carton, case, keyless, with a set)."""

from collections.abc import Iterator
from dataclasses import dataclass

from .base import BRUSHED, BRUSHLESS, AttributeValue, Draft, Words, neat, ru_number


@dataclass(frozen=True, slots=True)
class Machine:
    """One mains machine. `figure` is what its name quotes after the wattage, `code` the middle of its SKU."""

    code: str
    kind: Words
    model: Words
    category: str
    drawing: str
    power: int
    price: int
    figure: Words
    attributes: tuple[tuple[str, AttributeValue], ...]
    variants: tuple[str, ...]
    brushless: bool = False


# fmt: off
_VARIANTS: dict[str, tuple[Words, float, bool]] = {
    # suffix: wording, price factor, in a case
    "04": (Words("", ""), 1.0, False),
    "11": (Words("регулировка оборотов", "variable speed"), 1.0, False),
    "14": (Words("кейс", "case"), 1.12, True),
    "16": (Words("кейс и набор оснастки", "case and accessory set"), 1.22, True),
    "20": (Words("антивибрационная рукоятка", "anti-vibration handle"), 1.07, False),
}
# fmt: on


def _grinders() -> Iterator[Machine]:
    kind = Words("УШМ", "Angle grinder")
    # fmt: off
    table = {
        115: ((720, 3350), (900, 3990)),
        125: ((800, 3890), (1000, 4990), (1100, 6350), (1250, 6900), (1400, 8100), (1700, 10900)),
        150: ((1400, 8600), (1700, 11200)),
        180: ((1800, 10400), (2200, 12900)),
        230: ((2000, 11200), (2200, 12600), (2400, 14300), (2600, 17400)),
    }
    # fmt: on
    for disc, machines in table.items():
        for power, price in machines:
            # The 1,100 W machine is the house's best seller and keeps its short code.
            code = f"{disc}U" if (disc, power) == (125, 1100) else f"{disc}U{power // 100:02d}"
            variants = ("04", "11", "20") if disc < 180 else ("04", "20", "14")
            if (disc, power) == (125, 1100):
                variants = ("11", "14", "20")
            yield Machine(
                code,
                kind,
                Words(f"УШМ-{disc}/{power}", f"AG-{disc}/{power}"),
                "angle-grinders",
                "grinder" if disc < 180 else "grinder-large",
                power,
                price,
                Words(f"{disc} мм", f"{disc} mm"),
                (("disc", disc), ("speed", 11000 if disc <= 125 else 8500 if disc == 180 else 6600)),
                variants,
            )


def _hammers() -> Iterator[Machine]:
    kind = Words("Перфоратор", "Rotary hammer")
    # fmt: off
    plus = (("20P", 20, 620, 1.8, 6450), ("24P", 24, 720, 2.4, 7450), ("26P", 26, 800, 2.7, 8750), ("28P", 28, 900, 3.2, 10400),
            ("30P", 30, 1050, 3.6, 12900), ("32P", 32, 1250, 5.0, 15600))
    # fmt: on
    # fmt: off
    big = (("40P", 40, 1100, 8.5, 26800), ("45P", 45, 1350, 12.5, 34900), ("52P", 52, 1600, 19.0, 46800))
    # fmt: on
    for shank, machines in (("SDS-plus", plus), ("SDS-max", big)):
        for code, drill, power, energy, price in machines:
            yield Machine(
                code,
                kind,
                Words(f"П-{drill}", f"RH-{drill}"),
                "rotary-hammers",
                "hammer" if shank == "SDS-plus" else "hammer-large",
                power,
                price,
                Words(f"{shank}, {ru_number(energy)} Дж", f"{shank}, {energy:g} J"),
                (("energy", energy), ("shank", shank)),
                ("04", "14", "16"),
            )
    for code, weight, power, energy, price in (
        ("5M", 5, 1050, 8.0, 21400),
        ("7M", 7, 1240, 15.0, 32900),
        ("11M", 11, 1500, 25.0, 41700),
        ("16M", 16, 1700, 45.0, 49800),
        ("30M", 30, 2000, 65.0, 68900),
    ):
        yield Machine(
            code,
            Words("Молоток отбойный", "Demolition hammer"),
            Words(f"М-{weight}", f"DH-{weight}"),
            "breakers",
            "breaker",
            power,
            price,
            Words(f"{energy:g} Дж", f"{energy:g} J"),
            (("energy", energy), ("weight", weight)),
            ("14", "16"),
        )


def _drills() -> Iterator[Machine]:
    kind = Words("Дрель ударная", "Impact drill")
    for code, power, chuck, price in (
        ("D55", 550, 10, 2690),
        ("D65", 650, 13, 3190),
        ("D75", 750, 13, 3790),
        ("D85", 850, 13, 4690),
        ("D105", 1050, 13, 6490),
    ):
        yield Machine(
            code,
            kind,
            Words(f"ДУ-{power}", f"ID-{power}"),
            "drills",
            "drill-corded",
            power,
            price,
            Words(f"патрон {chuck} мм", f"{chuck} mm chuck"),
            (("chuck", chuck),),
            ("04", "14"),
        )
    for code, power, chuck, price in (("DM10", 1050, 16, 9900), ("DM14", 1400, 23, 16800)):
        yield Machine(
            code,
            Words("Дрель-миксер", "Drill mixer"),
            Words(f"ДМ-{power}", f"DX-{power}"),
            "mixers",
            "mixer",
            power,
            price,
            Words(f"патрон {chuck} мм", f"{chuck} mm chuck"),
            (("chuck", chuck),),
            ("04",),
        )
    for code, power, volume, price in (("X12", 1200, 65, 7400), ("X16", 1600, 90, 10900), ("X18", 1800, 120, 14200)):
        yield Machine(
            code,
            Words("Миксер строительный", "Paddle mixer"),
            Words(f"МС-{power}", f"PM-{power}"),
            "mixers",
            "mixer",
            power,
            price,
            Words(f"до {volume} л", f"up to {volume} L"),
            (("volume", volume),),
            ("04", "20"),
        )


def _sanders() -> Iterator[Machine]:
    # fmt: off
    rows = (("X125", "Шлифмашина эксцентриковая", "Random orbit sander", "ШЭ-125", "RO-125", 430, 125, "disc", 5200),
            ("X150", "Шлифмашина эксцентриковая", "Random orbit sander", "ШЭ-150", "RO-150", 550, 150, "disc", 9300),
            ("V115", "Шлифмашина вибрационная", "Orbital sander", "ШВ-115", "OS-115", 300, 115, "width", 3600),
            ("L75", "Шлифмашина ленточная", "Belt sander", "ШЛ-75", "BS-75", 900, 75, "width", 7900),
            ("L100", "Шлифмашина ленточная", "Belt sander", "ШЛ-100", "BS-100", 1200, 100, "width", 12600),
            ("W225", "Шлифмашина для стен", "Drywall sander", "ШС-225", "DW-225", 750, 225, "disc", 14800))
    # fmt: on
    for code, ru, en, model_ru, model_en, power, size, attribute, price in rows:
        yield Machine(
            code,
            Words(ru, en),
            Words(model_ru, model_en),
            "sanders",
            "sander" if attribute == "disc" else "sander-belt",
            power,
            price,
            Words(f"{size} мм", f"{size} mm"),
            ((attribute, size),),
            ("04", "14"),
        )
    for code, power, price in (("R82", 750, 6200), ("R110", 1150, 11300)):
        yield Machine(
            code,
            Words("Рубанок", "Planer"),
            Words(f"РБ-{code[1:]}", f"PL-{code[1:]}"),
            "routers-planers",
            "planer",
            power,
            price,
            Words(f"{code[1:]} мм", f"{code[1:]} mm"),
            (("width", int(code[1:])),),
            ("04", "14"),
        )
    for code, power, collet, price in (("F7", 710, 8, 7100), ("F12", 1200, 8, 9400), ("F22", 2200, 12, 18900)):
        yield Machine(
            code,
            Words("Фрезер", "Router"),
            Words(f"ФР-{power}", f"RT-{power}"),
            "routers-planers",
            "router",
            power,
            price,
            Words(f"цанга {collet} мм", f"{collet} mm collet"),
            (("chuck", collet),),
            ("04", "14"),
        )


def _saws() -> Iterator[Machine]:
    for code, power, stroke, price in (("J55", 550, 18, 3400), ("J70", 700, 20, 5100), ("J85", 850, 26, 8300)):
        yield Machine(
            code,
            Words("Лобзик", "Jigsaw"),
            Words(f"ЛБ-{power}", f"JS-{power}"),
            "jigsaws",
            "jigsaw",
            power,
            price,
            Words(f"ход {stroke} мм", f"{stroke} mm stroke"),
            (("stroke", stroke),),
            ("04", "14"),
        )
    for code, power, disc, price in (
        ("C160", 1200, 160, 6300),
        ("C185", 1400, 185, 7800),
        ("C190", 1600, 190, 9200),
        ("C210", 1800, 210, 11800),
        ("C235", 2100, 235, 15400),
    ):
        yield Machine(
            code,
            Words("Пила дисковая", "Circular saw"),
            Words(f"ПД-{disc}/{power}", f"CS-{disc}/{power}"),
            "saws",
            "saw-circular",
            power,
            price,
            Words(f"{disc} мм", f"{disc} mm"),
            (("disc", disc),),
            ("04", "14"),
        )
    for code, power, stroke, price in (("S9", 950, 28, 8200), ("S13", 1300, 32, 12900)):
        yield Machine(
            code,
            Words("Пила сабельная", "Reciprocating saw"),
            Words(f"ПСС-{power}", f"RS-{power}"),
            "saws",
            "saw-sabre",
            power,
            price,
            Words(f"ход {stroke} мм", f"{stroke} mm stroke"),
            (("stroke", stroke),),
            ("04", "14"),
        )
    for code, power, disc, price in (
        ("T216", 1500, 216, 16900),
        ("T254", 1900, 254, 23700),
        ("T305", 2000, 305, 31500),
    ):
        yield Machine(
            code,
            Words("Пила торцовочная", "Mitre saw"),
            Words(f"ПТ-{disc}", f"MS-{disc}"),
            "saws",
            "saw-mitre",
            power,
            price,
            Words(f"{disc} мм", f"{disc} mm"),
            (("disc", disc),),
            ("04",),
        )


def _others() -> Iterator[Machine]:
    for code, power, heat, price in (("H16", 1600, 550, 1990), ("H20", 2000, 600, 2790), ("H23", 2300, 650, 4600)):
        yield Machine(
            code,
            Words("Фен строительный", "Heat gun"),
            Words(f"ФС-{power}", f"HG-{power}"),
            "heat-guns",
            "heatgun",
            power,
            price,
            Words(f"до {heat} °C", f"up to {heat} °C"),
            (),
            ("04", "14"),
        )
    for code, power, volume, price in (("V20", 1200, 20, 9900), ("V30", 1400, 30, 14300), ("V42", 1400, 42, 24800)):
        yield Machine(
            code,
            Words("Пылесос строительный", "Dust extractor"),
            Words(f"ПВ-{volume}", f"VC-{volume}"),
            "extractors",
            "extractor",
            power,
            price,
            Words(f"{volume} л", f"{volume} L"),
            (("volume", volume),),
            ("04",),
        )
    for code, power, bar, price in (("W12", 1400, 110, 7900), ("W17", 1800, 140, 11400), ("W22", 2200, 165, 17300)):
        yield Machine(
            code,
            Words("Мойка высокого давления", "Pressure washer"),
            Words(f"МД-{bar}", f"PW-{bar}"),
            "garden",
            "washer",
            power,
            price,
            Words(f"{bar} бар", f"{bar} bar"),
            (),
            ("04", "16"),
        )
    for code, power, width, price in (("G32", 1200, 320, 8300), ("G38", 1600, 380, 12200)):
        yield Machine(
            code,
            Words("Газонокосилка", "Lawn mower"),
            Words(f"ГК-{width}", f"LM-{width}"),
            "garden",
            "mower",
            power,
            price,
            Words(f"{width} мм", f"{width} mm"),
            (("width", width),),
            ("04",),
        )


def machines() -> tuple[Machine, ...]:
    """All mains machines, in the order of the brochure."""
    return (*_grinders(), *_hammers(), *_drills(), *_sanders(), *_saws(), *_others())


def corded() -> Iterator[Draft]:
    """Every mains machine in every variant it is sold in."""
    for machine in machines():
        for suffix in machine.variants:
            words, factor, cased = _VARIANTS[suffix]
            tail = Words(f", {words.ru}" if words.ru else "", f", {words.en}" if words.en else "")
            name = Words(
                f"{machine.kind.ru} {machine.model.ru}, {machine.figure.ru}, {machine.power} Вт{tail.ru}".replace(
                    "УШМ УШМ", "УШМ"
                ),
                f"{machine.kind.en} {machine.model.en}, {machine.figure.en}, {machine.power} W{tail.en}",
            )
            attributes: dict[str, AttributeValue] = {
                "power": machine.power,
                "motor": BRUSHLESS if machine.brushless else BRUSHED,
                "warranty": 36,
                "carton": 1 if machine.price > 15000 else 4,
                "country": Words("Россия", "Russia"),
                "weight": round(1.1 + machine.power / 480, 1),
                **dict(machine.attributes),
            }
            if words.ru:
                attributes["kit"] = words
            yield Draft(
                f"TV-{machine.code}.{suffix}",
                f"{machine.model.en}.{suffix}",
                name,
                "tveron",
                machine.category,
                neat(machine.price * factor),
                f"{machine.drawing}:kit" if cased else machine.drawing,
                attributes,
            )
