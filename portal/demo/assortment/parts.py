"""Spare parts: universal ones by size, and those of one machine by their position in its exploded drawing."""

from collections.abc import Iterator
from dataclasses import dataclass

from . import corded, cordless
from .base import AttributeValue, Draft, Words, neat


@dataclass(frozen=True, slots=True)
class Repairable:
    """A machine as a repair shop sees it."""

    code: str
    model: Words
    mains: bool
    brushed: bool
    price: int
    category: str
    skus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """One position of an exploded drawing; `share` is its price as a share of the machine's."""

    number: int
    name: Words
    category: str
    drawing: str
    share: float
    only: str = ""
    unit: str = "pcs"


def _position(
    number: int, ru: str, en: str, category: str, drawing: str, share: float, only: str = "", unit: str = "pcs"
) -> Position:
    return Position(number, Words(ru, en), category, drawing, share, only, unit)


# `only`: "mains", "cordless", "brushed", "brushless", or a category of machines. Most wanted first: the range is cut at its end.
# fmt: off
POSITIONS: tuple[Position, ...] = (
    _position(3, "Щётки угольные, пара", "Carbon brushes, pair", "carbon-brushes", "brush", 0.03, "brushed", "set"),
    _position(5, "Якорь", "Armature", "armatures", "armature", 0.27, "brushed"),
    _position(5, "Ротор в сборе с магнитом", "Rotor with magnet", "armatures", "armature", 0.24, "brushless"),
    _position(21, "Выключатель с регулятором", "Switch with speed control", "switches", "switch", 0.1),
    _position(11, "Редуктор планетарный в сборе", "Planetary gearbox, complete", "gears", "gear", 0.27, "drill-drivers"),
    _position(7, "Патрон быстрозажимной 13 мм", "Keyless chuck 13 mm", "chucks", "chuck", 0.115, "drill-drivers"),
    _position(12, "Пара конических шестерён", "Bevel gear pair", "gears", "gear:bevel", 0.14, "angle-grinders", "set"),
    _position(18, "Ствол в сборе", "Barrel, complete", "chucks", "barrel", 0.31, "rotary-hammers"),
    _position(12, "Шестерня ведомая", "Driven gear", "gears", "gear", 0.12, "mains"),
    _position(6, "Статор", "Stator", "stators", "stator", 0.19, "mains"),
    _position(40, "Кейс", "Case", "housings", "case", 0.13),
    _position(9, "Кабель сетевой 4 м с муфтой", "Mains cord 4 m with sleeve", "electronics", "cord", 0.06, "mains"),
    _position(30, "Плата управления", "Control board", "electronics", "board", 0.2, "brushless"),
    _position(15, "Рукоятка боковая", "Side handle", "housings", "handle", 0.05),
    _position(1, "Корпус двигателя", "Motor housing", "housings", "housing", 0.12),
    _position(14, "Шпиндель", "Spindle", "chucks", "spindle", 0.11),
    _position(16, "Кожух защитный", "Guard", "housings", "guard", 0.08, "angle-grinders"),
    _position(33, "Смазка редукторная, 50 г", "Gear grease, 50 g", "lubricants", "grease", 0.0235, "rotary-hammers"),
    _position(19, "Боёк", "Striker", "gears", "striker", 0.09, "rotary-hammers"),
    _position(20, "Комплект колец ударного механизма", "Impact mechanism ring set", "seals", "seal", 0.04, "rotary-hammers", "set"),
    _position(13, "Крышка редуктора", "Gearbox cover", "housings", "housing", 0.09),
    _position(17, "Щёткодержатель", "Brush holder", "carbon-brushes", "holder", 0.035, "brushed"),
    _position(22, "Переключатель реверса", "Reverse lever", "switches", "switch", 0.03, "drill-drivers"),
    _position(27, "Разъём аккумулятора", "Battery terminal block", "electronics", "board", 0.035, "cordless"),
    _position(2, "Крышка корпуса задняя", "Rear cover", "housings", "housing", 0.05),
    _position(25, "Комплект винтов корпуса", "Housing screw set", "housings", "screws", 0.02, "", "set"),
)
# fmt: on

# width × height × length in mm of carbon brushes, and the sort
# fmt: off
_BRUSHES = ((5, 5, 10), (5, 7, 12), (5, 8, 11), (5, 8, 12), (5, 8, 16), (5, 11, 17), (6, 7, 13), (6, 9, 12), (6, 10, 14), (6, 10, 18), (6.3, 10, 16), (6.5, 7.5, 13), (6.5, 13.5, 16), (7, 11, 17), (7, 12, 16), (7, 17, 17), (8, 12, 18), (8, 16, 20))
# fmt: on
# fmt: off
_BEARINGS = ((607, 7, 19, 6), (608, 8, 22, 7), (609, 9, 24, 7), (624, 4, 13, 5), (625, 5, 16, 5), (626, 6, 19, 6), (627, 7, 22, 7), (628, 8, 24, 8), (629, 9, 26, 8), (6000, 10, 26, 8), (6001, 12, 28, 8), (6002, 15, 32, 9), (6003, 17, 35, 10),
             (6004, 20, 42, 12), (6200, 10, 30, 9), (6201, 12, 32, 10), (6202, 15, 35, 11), (6203, 17, 40, 12), (6204, 20, 47, 14), (6300, 10, 35, 11), (6301, 12, 37, 12))
# fmt: on
# fmt: off
_SEALS = ((8, 22, 7), (10, 26, 7), (12, 28, 7), (15, 30, 7), (17, 35, 7), (20, 40, 7), (25, 42, 7), (28, 47, 7))
# fmt: on


def brushes() -> Iterator[Draft]:
    """Universal brushes by size, plain and with cut-off: `SP-04<size no.>-<1: plain, 2: cut-off><length>`."""
    for number, (width, height, length) in enumerate(_BRUSHES, start=15):
        size = Words(f"{width:g}×{height:g}×{length:g}".replace(".", ","), f"{width:g}×{height:g}×{length:g}")
        for cutoff in (True, False):
            code = f"SP-04{number:02d}-{length:02d}" + ("" if cutoff else "B")
            tail = Words("с отстрелом", "auto-stop") if cutoff else Words("без отстрела", "plain")
            yield Draft(
                code,
                f"CB{size.en}{'A' if cutoff else 'P'}".replace("×", "x"),
                Words(f"Щётки угольные {size.ru}, пара, {tail.ru}", f"Carbon brushes {size.en}, pair, {tail.en}"),
                "tveron",
                "carbon-brushes",
                neat(62 + width * height * 0.9 + (12 if cutoff else 0)),
                "brush",
                {"brush_size": size, "carton": 200},
                unit="set",
            )


def bearings() -> Iterator[Draft]:
    """Ball bearings with rubber or metal shields, by the standard designation."""
    for number, inner, outer, width in _BEARINGS:
        for suffix, words, factor in (
            ("2RS", Words("резина", "rubber seals"), 1.0),
            ("2Z", Words("металл", "metal shields"), 0.92),
        ):
            code = f"SP-{number}RS" if suffix == "2RS" else f"SP-{number}Z"
            yield Draft(
                code,
                f"{number}-{suffix}",
                Words(
                    f"Подшипник {number}-{suffix}, {inner}×{outer}×{width}",
                    f"Bearing {number}-{suffix}, {inner}×{outer}×{width}",
                ),
                "tveron",
                "bearings",
                neat((60 + outer * 2.72) * factor),
                "bearing",
                {"inner_diameter": inner, "outer_diameter": outer, "width": width, "seal": words},
                pack=1,
            )


def seals() -> Iterator[Draft]:
    """Shaft seals by size."""
    for inner, outer, width in _SEALS:
        yield Draft(
            f"SP-07{inner:02d}-{outer}",
            f"TC{inner}x{outer}x{width}",
            Words(f"Сальник {inner}×{outer}×{width}", f"Shaft seal {inner}×{outer}×{width}"),
            "tveron",
            "seals",
            neat(35 + outer * 1.1),
            "seal",
            {"inner_diameter": inner, "outer_diameter": outer, "width": width},
            pack=5,
        )


def _repairable() -> tuple[Repairable, ...]:
    found = [
        Repairable(
            code=model.code,
            model=model.name,
            mains=False,
            brushed=not model.brushless,
            price=model.price,
            category=model.line.category,
            skus=tuple(f"TV-{model.code}.{suffix}" for suffix in model.line.kits),
        )
        for model in cordless.MODELS
        if model.line is not cordless.LAMP
    ]
    found += [
        Repairable(
            code=machine.code,
            model=machine.model,
            mains=True,
            brushed=not machine.brushless,
            price=machine.price,
            category=machine.category,
            skus=tuple(f"TV-{machine.code}.{suffix}" for suffix in machine.variants),
        )
        for machine in corded.machines()
    ]
    return tuple(found)


def _applies(position: Position, machine: Repairable) -> bool:
    return {
        "": True,
        "mains": machine.mains and machine.category != "angle-grinders",
        "cordless": not machine.mains,
        "brushed": machine.brushed,
        "brushless": not machine.brushed,
    }.get(position.only, position.only == machine.category)


def _part(position: Position, machine: Repairable, seen: set[str]) -> Draft | None:
    code = f"SP-{machine.code}-{position.number:02d}"
    if code in seen:
        return None
    seen.add(code)
    name = Words(f"{position.name.ru} для {machine.model.ru}", f"{position.name.en} for {machine.model.en}")
    if machine.mains and position.number == 21:
        name = Words(f"Выключатель для {machine.model.ru}", f"Switch for {machine.model.en}")
    attributes: dict[str, AttributeValue] = {
        "fits": machine.skus,
        "fits_models": machine.model,
        "position": position.number,
    }
    return Draft(
        code,
        f"{machine.code}{position.number:02d}00",
        name,
        "tveron",
        position.category,
        neat(max(machine.price * position.share, 45)),
        position.drawing,
        attributes,
        unit=position.unit,
    )


def gearbox_variants() -> Iterator[Draft]:
    """The parts that a quick order must choose between: the gearbox with and without its ring gear."""
    attributes: dict[str, AttributeValue] = {
        "fits": ("TV-1860.02", "TV-1860.12"),
        "fits_models": Words("ДШ-18/60", "DS-18/60"),
        "position": 12,
    }
    yield Draft(
        "SP-1860-12",
        "18601200",
        Words("Редуктор планетарный без венца для ДШ-18/60", "Planetary gearbox without ring gear for DS-18/60"),
        "tveron",
        "gears",
        neat(1790),
        "gear",
        attributes,
    )
    yield Draft(
        "SP-1845-26",
        "18452600",
        Words("Подшипник якоря 607-2RS для ДШ-18/45", "Armature bearing 607-2RS for DS-18/45"),
        "tveron",
        "bearings",
        neat(115),
        "bearing",
        {**attributes, "fits": ("TV-1845.02",), "fits_models": Words("ДШ-18/45", "DS-18/45"), "position": 26},
    )


def universal() -> Iterator[Draft]:
    """Parts that are ordered by size."""
    yield from brushes()
    yield from bearings()
    yield from seals()
    yield from gearbox_variants()


def for_machines() -> Iterator[Draft]:
    """Parts of one machine, the most wanted positions first."""
    seen: set[str] = set()
    machines = _repairable()
    for position in POSITIONS:
        for machine in machines:
            if _applies(position, machine) and (part := _part(position, machine, seen)):
                yield part
