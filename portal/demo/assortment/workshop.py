"""Measuring, storage, protection, greases: the shelf beside the tools."""

from collections.abc import Iterator

from .base import Draft, Words, neat

# sku, mpn, brand, category, drawing, price, ru, en
# fmt: off
_ROWS: tuple[tuple[str, str, str, str, str, float, str, str], ...] = (
    ("IZ-LU20", "CL-20", "kalibron", "measuring", "laser", 4900, "Уровень лазерный 2 линии, 20 м", "Cross line laser, 20 m"),
    ("IZ-LU20G", "CL-20G", "kalibron", "measuring", "laser", 6900, "Уровень лазерный 2 линии, зелёный луч, 20 м", "Cross line laser, green beam, 20 m"),
    ("IZ-LU30", "CL3-30", "kalibron", "measuring", "laser", 9800, "Уровень лазерный 3 плоскости, 30 м", "Three-plane laser level, 30 m"),
    ("IZ-LU30G", "CL3-30G", "kalibron", "measuring", "laser", 14700, "Уровень лазерный 3 плоскости, зелёный луч, 30 м", "Three-plane laser level, green beam, 30 m"),
    ("IZ-LU40G", "CL4-40G", "kalibron", "measuring", "laser", 22900, "Уровень лазерный 4 плоскости, зелёный луч, 40 м", "Four-plane laser level, green beam, 40 m"),
    ("IZ-LR400", "RL-400", "kalibron", "measuring", "laser", 48900, "Нивелир ротационный, 400 м", "Rotary laser, 400 m"),
    ("IZ-DT40", "DM-40", "kalibron", "measuring", "meter", 2900, "Дальномер лазерный, 40 м", "Laser distance meter, 40 m"),
    ("IZ-DT60", "DM-60", "kalibron", "measuring", "meter", 3900, "Дальномер лазерный, 60 м", "Laser distance meter, 60 m"),
    ("IZ-DT100", "DM-100", "kalibron", "measuring", "meter", 6800, "Дальномер лазерный с уклономером, 100 м", "Laser distance meter with inclinometer, 100 m"),
    ("IZ-DK1", "WD-1", "kalibron", "measuring", "meter", 3400, "Детектор скрытой проводки и металла", "Wall detector for wires and metal"),
    ("IZ-TP1", "TH-550", "kalibron", "measuring", "meter", 3100, "Термометр инфракрасный, до 550 °C", "Infrared thermometer, up to 550 °C"),
    ("IZ-MM1", "MM-600", "kalibron", "measuring", "meter", 1900, "Мультиметр цифровой, 600 В", "Digital multimeter, 600 V"),
    ("IZ-TK1", "CM-400", "kalibron", "measuring", "meter", 3600, "Клещи токовые, 400 А", "Clamp meter, 400 A"),
    ("IZ-VL1", "HM-40", "kalibron", "measuring", "meter", 2700, "Влагомер древесины и стен", "Moisture meter for wood and walls"),
    ("IZ-ST15", "TR-15", "kalibron", "measuring", "tripod", 2400, "Штатив для лазерного уровня, 1,5 м", "Laser level tripod, 1.5 m"),
    ("IZ-ST30", "TR-30", "kalibron", "measuring", "tripod", 4300, "Штанга распорная для лазерного уровня, 3,2 м", "Laser level pole, 3.2 m"),
    ("IZ-PR1", "LR-1", "kalibron", "measuring", "meter", 4800, "Приёмник лазерного луча, 60 м", "Laser receiver, 60 m"),
    ("KS-T1", "BOX-1", "ladmar", "storage", "case", 1650, "Кейс сборный Т-1, 400×300×110 мм", "Stackable case T-1, 400×300×110 mm"),
    ("KS-T2", "BOX-2", "ladmar", "storage", "case", 1990, "Кейс сборный Т-2, 400×300×160 мм", "Stackable case T-2, 400×300×160 mm"),
    ("KS-T3", "BOX-3", "ladmar", "storage", "case", 2490, "Кейс сборный Т-3, 400×300×210 мм", "Stackable case T-3, 400×300×210 mm"),
    ("KS-T4", "BOX-4", "ladmar", "storage", "case", 3290, "Кейс сборный Т-4, 400×300×320 мм", "Stackable case T-4, 400×300×320 mm"),
    ("KS-TK", "BOX-D", "ladmar", "storage", "case", 3900, "Тележка для кейсов Т, до 100 кг", "Trolley for T cases, up to 100 kg"),
    ("KS-OR1", "ORG-1", "ladmar", "storage", "case:organizer", 890, "Органайзер, 13 ячеек", "Organiser, 13 compartments"),
    ("KS-OR2", "ORG-2", "ladmar", "storage", "case:organizer", 1390, "Органайзер двусторонний, 26 ячеек", "Double organiser, 26 compartments"),
    ("KS-SM1", "BAG-1", "ladmar", "storage", "bag", 1190, "Сумка для инструмента, 400 мм", "Tool bag, 400 mm"),
    ("KS-SM2", "BAG-2", "ladmar", "storage", "bag", 1790, "Сумка для инструмента, 500 мм, жёсткое дно", "Tool bag, 500 mm, rigid base"),
    ("KS-RZ1", "BAG-R", "ladmar", "storage", "bag", 3490, "Рюкзак для инструмента, 28 карманов", "Tool backpack, 28 pockets"),
    ("KS-PY1", "BELT-1", "ladmar", "storage", "bag", 1290, "Пояс монтажника, 11 карманов", "Installer's belt, 11 pockets"),
    ("ZA-O1", "EP-1", "ladmar", "protection", "goggles", 190, "Очки защитные прозрачные", "Safety glasses, clear"),
    ("ZA-O2", "EP-2", "ladmar", "protection", "goggles", 210, "Очки защитные затемнённые", "Safety glasses, tinted"),
    ("ZA-O3", "EP-3", "ladmar", "protection", "goggles", 420, "Очки защитные закрытые, незапотевающие", "Safety goggles, anti-fog"),
    ("ZA-SC1", "FS-1", "ladmar", "protection", "goggles", 590, "Щиток лицевой поликарбонатный", "Polycarbonate face shield"),
    ("ZA-N1", "EM-1", "ladmar", "protection", "earmuffs", 690, "Наушники противошумные, 27 дБ", "Ear defenders, 27 dB"),
    ("ZA-N2", "EM-2", "ladmar", "protection", "earmuffs", 990, "Наушники противошумные, 32 дБ", "Ear defenders, 32 dB"),
)
# fmt: on

# fmt: off
_GREASES = (
    ("01", "Смазка редукторная", "Gear grease", (50, 100, 400), 110),
    ("02", "Смазка для буров", "Drill shank grease", (50, 100), 90),
    ("03", "Смазка для подшипников", "Bearing grease", (50, 400), 160),
    ("04", "Масло для пневмоинструмента", "Air tool oil", (250, 1000), 210),
    ("05", "Масло для цепи", "Chain oil", (1000,), 260),
)
# fmt: on


def gloves() -> Iterator[Draft]:
    """Gloves, respirators: by size."""
    # fmt: off
    kinds = (("PN", "Перчатки нитриловые", "Nitrile gloves", 75), ("PL", "Перчатки с латексным покрытием", "Latex-coated gloves", 60), ("PA", "Перчатки антивибрационные", "Anti-vibration gloves", 890), ("PK", "Перчатки от порезов, класс 5", "Cut-resistant gloves, level 5", 340))
    # fmt: on
    for code, ru, en, price in kinds:
        for size in ("S", "M", "L", "XL"):
            yield Draft(
                f"ZA-{code}-{size}",
                f"GL-{code}-{size}",
                Words(f"{ru}, размер {size}", f"{en}, size {size}"),
                "ladmar",
                "protection",
                neat(price),
                "glove",
                {"size": size},
                pack=12 if price < 100 else 1,
            )
    for grade, price in (("FFP1", 55), ("FFP2", 75), ("FFP3", 120)):
        yield Draft(
            f"ZA-R{grade[-1]}",
            f"RM-{grade}",
            Words(f"Респиратор {grade} с клапаном", f"Respirator {grade} with valve"),
            "ladmar",
            "protection",
            neat(price),
            "respirator",
            {"series": grade},
            pack=10,
        )


def hand_measuring() -> Iterator[Draft]:
    """Tape measures and spirit levels."""
    for length, width, price in ((3, 16, 190), (5, 19, 290), (5, 25, 370), (7.5, 25, 490), (8, 25, 560), (10, 25, 690)):
        ru = f"{length:g}".replace(".", ",")
        yield Draft(
            f"IZ-R{length * 10:03.0f}{width}",
            f"TM-{length:g}x{width}",
            Words(f"Рулетка {ru} м × {width} мм, магнит", f"Tape measure {length:g} m × {width} mm, magnet"),
            "kalibron",
            "measuring",
            neat(price),
            "tape",
            {"width": width},
            pack=6,
        )
    for length, price in ((400, 690), (600, 890), (800, 1090), (1000, 1290), (1500, 1890), (2000, 2490)):
        yield Draft(
            f"IZ-U{length}",
            f"SL-{length}",
            Words(f"Уровень пузырьковый {length} мм, 0,5 мм/м", f"Spirit level {length} mm, 0.5 mm/m"),
            "kalibron",
            "measuring",
            neat(price),
            "level",
            {"length": length},
        )


def greases() -> Iterator[Draft]:
    """Greases and oils by volume."""
    for code, ru, en, volumes, price in _GREASES:
        for volume in volumes:
            unit = Words("г", "g") if code < "04" else Words("мл", "ml")
            yield Draft(
                f"SP-90{code}-{volume}",
                f"GR{code}-{volume}",
                Words(f"{ru}, {volume} {unit.ru}", f"{en}, {volume} {unit.en}"),
                "tveron",
                "lubricants",
                neat(price + volume * 0.9),
                "grease",
                {"volume": volume / 1000},
                pack=1,
            )


def workshop() -> Iterator[Draft]:
    """The whole shelf."""
    for sku, mpn, brand, category, drawing, price, ru, en in _ROWS:
        yield Draft(sku, mpn, Words(ru, en), brand, category, neat(price), drawing, {"warranty": 12})
    yield from hand_measuring()
    yield from gloves()
    yield from greases()
