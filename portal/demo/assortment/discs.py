"""Discs and abrasives: what is bought by the box and worn out by the hour."""

from collections.abc import Iterator

from .base import AttributeValue, Draft, Words, fixed, neat

METAL = Words("по металлу", "for metal")
INOX = Words("по нержавеющей стали", "for stainless steel")
STONE = Words("по камню", "for stone")
ALU = Words("по алюминию", "for aluminium")


def _bore(diameter: int) -> Words:
    return fixed(22.2 if diameter <= 230 else 25.4, 1)


def _measures(diameter: int, thickness: float) -> Words:
    thick, bore = fixed(thickness), _bore(diameter)
    return Words(f"{diameter}×{thick.ru}×{bore.ru}", f"{diameter}×{thick.en}×{bore.en}")


def cutting() -> Iterator[Draft]:
    """Bonded cutting discs `DO-<diameter>.<thickness × 10>`, a letter for other materials than steel."""
    # fmt: off
    thicknesses = {115: (1.0, 1.2, 1.6, 2.5), 125: (0.8, 1.0, 1.2, 1.6, 2.0, 2.5), 150: (1.2, 1.6, 2.0, 2.5), 180: (1.6, 2.0, 2.5),
                   230: (1.8, 2.0, 2.5, 3.0), 300: (3.0, 3.5), 350: (3.0, 3.5), 400: (3.5, 4.0)}
    # fmt: on
    for diameter, options in thicknesses.items():
        for letter, material, factor in (("", METAL, 1.0), ("N", INOX, 1.25), ("A", ALU, 1.35), ("K", STONE, 1.1)):
            for thickness in options:
                if letter in "NA" and diameter > 230:
                    continue
                size = _measures(diameter, thickness)
                code = f"{diameter}.{thickness * 10:02.0f}{letter}"
                price = neat((diameter / 125) ** 1.9 * 43 * factor * (1 + (abs(thickness - 1.0) > 0.9) * 0.12))
                values: dict[str, AttributeValue] = {
                    "diameter": diameter,
                    "thickness": thickness,
                    "bore": float(_bore(diameter).en),
                    "material": material,
                    "carton": 400 if diameter <= 125 else 100,
                }
                yield Draft(
                    f"DO-{code}",
                    f"A{diameter}-{thickness * 10:.0f}{letter or 'M'}",
                    Words(f"Диск отрезной {size.ru}, {material.ru}", f"Cutting disc {size.en}, {material.en}"),
                    "kromlit",
                    "cutting-discs",
                    price,
                    "disc-large" if diameter >= 230 else "disc",
                    values,
                    pack=25 if diameter <= 230 else 10,
                )


def grinding() -> Iterator[Draft]:
    """Grinding discs `DZ-…` and flap discs `DL-…` by grit."""
    for diameter in (115, 125, 150, 180, 230):
        for letter, material, factor in (("", METAL, 1.0), ("N", INOX, 1.2), ("K", STONE, 1.05)):
            size = _measures(diameter, 6.0)
            yield Draft(
                f"DZ-{diameter}.60{letter}",
                f"G{diameter}-60{letter or 'M'}",
                Words(f"Диск зачистной {size.ru}, {material.ru}", f"Grinding disc {size.en}, {material.en}"),
                "kromlit",
                "grinding-discs",
                neat((diameter / 125) ** 1.8 * 82 * factor),
                "disc-grinding",
                {"diameter": diameter, "thickness": 6.0, "bore": 22.2, "material": material},
                pack=10,
            )
    for diameter in (115, 125, 150, 180):
        for form_code, form in (("P", Words("плоский", "flat")), ("T", Words("конический", "conical"))):
            for grain, factor in ((Words("цирконий", "zirconia"), 1.0), (Words("керамика", "ceramic"), 1.6)):
                for grit in (40, 60, 80, 120):
                    letter = "C" if factor > 1 else ""
                    yield Draft(
                        f"DL-{diameter}{form_code}{grit}{letter}",
                        f"F{diameter}{form_code}{grit}{letter}",
                        Words(
                            f"Диск лепестковый {form.ru} {diameter}×22,2, P{grit}, {grain.ru}",
                            f"Flap disc {form.en} {diameter}×22.2, P{grit}, {grain.en}",
                        ),
                        "kromlit",
                        "grinding-discs",
                        neat((diameter / 125) ** 1.7 * 138 * factor),
                        "disc-flap",
                        {"diameter": diameter, "bore": 22.2, "grit": f"P{grit}", "series": grain},
                        pack=10,
                    )


def diamond() -> Iterator[Draft]:
    """Diamond discs `DD-<diameter>.<kind>`."""
    # fmt: off
    kinds = (("10", Words("сегментный", "segmented"), Words("по бетону", "for concrete"), 1.0, "disc-diamond"), ("20", Words("сплошной", "continuous"), Words("по плитке", "for tiles"), 1.15, "disc-diamond:rim"),
             ("30", Words("турбо", "turbo"), Words("универсальный", "universal"), 1.25, "disc-diamond"), ("40", Words("сегментный", "segmented"), Words("по асфальту", "for asphalt"), 1.3, "disc-diamond"),
             ("50", Words("сегментный лазерный", "laser-welded segmented"), Words("по железобетону", "for reinforced concrete"), 1.8, "disc-diamond"))
    # fmt: on
    for diameter in (115, 125, 150, 180, 230, 300, 350, 400):
        bore = _bore(diameter)
        for code, rim, material, factor, drawing in kinds:
            if code == "20" and diameter > 230:
                continue
            yield Draft(
                f"DD-{diameter}.{code}",
                f"D{diameter}-{code}",
                Words(
                    f"Диск алмазный {rim.ru} {diameter}×{bore.ru}, {material.ru}",
                    f"Diamond disc {rim.en} {diameter}×{bore.en}, {material.en}",
                ),
                "kromlit",
                "diamond-discs",
                neat((diameter / 125) ** 2 * 620 * factor),
                drawing,
                {"diameter": diameter, "bore": float(bore.en), "material": material, "series": rim},
            )


def _teeth(count: int) -> str:
    """24 зуба, 30 зубьев."""
    return f"{count} зуба" if count % 10 in (2, 3, 4) and count % 100 // 10 != 1 else f"{count} зубьев"


def saw_blades() -> Iterator[Draft]:
    """Circular saw blades `PD-<diameter>.<teeth><material>`."""
    # fmt: off
    shelf = {140: (20, (18, 24, 42)), 160: (20, (18, 24, 48)), 165: (20, (18, 24, 40, 48)), 185: (20, (20, 30, 48)), 190: (30, (20, 24, 30, 48, 60)), 210: (30, (24, 40, 48, 60)), 216: (30, (24, 48, 60, 80)),
             235: (30, (24, 36, 48)), 254: (30, (24, 40, 60, 80, 100)), 305: (30, (36, 60, 80, 96)), 350: (30, (36, 60, 84))}
    # fmt: on
    materials = (
        ("D", Words("по дереву", "for wood"), 1.0),
        ("L", Words("по ламинату", "for laminate"), 1.25),
        ("A", ALU, 1.4),
    )
    for diameter, (bore, teeth_options) in shelf.items():
        for teeth in teeth_options:
            for letter, material, factor in materials:
                if (letter == "D") != (teeth < 60) and not (letter == "L" and teeth >= 48):
                    continue
                yield Draft(
                    f"PD-{diameter}.{teeth}{letter}",
                    f"C{diameter}Z{teeth}{letter}",
                    Words(
                        f"Диск пильный {diameter}×{bore}, {_teeth(teeth)}, {material.ru}",
                        f"Saw blade {diameter}×{bore}, {teeth} teeth, {material.en}",
                    ),
                    "kromlit",
                    "saw-blades",
                    neat((diameter / 190) ** 1.8 * (420 + teeth * 9) * factor),
                    "blade",
                    {"diameter": diameter, "bore": bore, "teeth": teeth, "material": material},
                )


def abrasives() -> Iterator[Draft]:
    """Sanding discs, strips and belts by grit, wire brushes."""
    # fmt: off
    forms = (("SL-125", Words("Круг шлифовальный на липучке 125 мм, 8 отв.", "Hook-and-loop sanding disc 125 mm, 8 holes"), 210, 10, "abrasive"), ("SL-150", Words("Круг шлифовальный на липучке 150 мм, 17 отв.", "Hook-and-loop sanding disc 150 mm, 17 holes"), 290, 10, "abrasive"),
             ("SL-225", Words("Круг шлифовальный на липучке 225 мм", "Hook-and-loop sanding disc 225 mm"), 480, 10, "abrasive"), ("SL-230", Words("Лист шлифовальный 230×280 мм", "Sanding sheet 230×280 mm"), 240, 10, "abrasive:sheet"),
             ("SL-115", Words("Лист шлифовальный 115×280 мм, зажим", "Clamp-on sanding sheet 115×280 mm"), 165, 10, "abrasive:sheet"), ("SB-75", Words("Лента шлифовальная 75×457 мм", "Sanding belt 75×457 mm"), 320, 5, "abrasive:belt"), ("SB-100", Words("Лента шлифовальная 100×610 мм", "Sanding belt 100×610 mm"), 450, 5, "abrasive:belt"))
    # fmt: on
    for code, words, price, pieces, drawing in forms:
        for grit in (40, 60, 80, 100, 120, 150, 180, 240, 320):
            yield Draft(
                f"{code}.{grit}",
                f"{code[3:]}P{grit}",
                Words(f"{words.ru}, P{grit}, {pieces} шт", f"{words.en}, P{grit}, {pieces} pcs"),
                "kromlit",
                "abrasives",
                neat(price * (1.15 if grit < 80 else 1.0)),
                drawing,
                {"grit": f"P{grit}", "pieces": pieces},
                unit="pack",
            )
    # fmt: off
    shapes = (("CH", Words("чашечная", "cup"), (65, 75, 100)), ("DS", Words("дисковая", "wheel"), (100, 115, 125)), ("KT", Words("кистевая", "end"), (17, 24, 30)))
    # fmt: on
    # fmt: off
    wires = (("V", Words("витая сталь", "twisted steel"), 1.0), ("G", Words("гофрированная сталь", "crimped steel"), 0.85), ("L", Words("латунь", "brass"), 1.3))
    # fmt: on
    for shape_code, shape, sizes in shapes:
        for size in sizes:
            for wire_code, wire, factor in wires:
                yield Draft(
                    f"KR-{shape_code}{size}{wire_code}",
                    f"W{shape_code}{size}{wire_code}",
                    Words(
                        f"Щётка-крацовка {shape.ru} {size} мм, {wire.ru}", f"Wire brush {shape.en} {size} mm, {wire.en}"
                    ),
                    "kromlit",
                    "wire-brushes",
                    neat((95 + size * 3.1) * factor),
                    "wire-brush",
                    {"diameter": size, "series": wire},
                )


def discs() -> Iterator[Draft]:
    """The whole shelf of discs and abrasives."""
    for family in (cutting, grinding, diamond, saw_blades, abrasives):
        yield from family()
