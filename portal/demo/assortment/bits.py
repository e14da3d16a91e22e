"""Drill bits, hammer bits, screwdriver bits, sockets, blades and hole saws."""

from collections.abc import Iterator

from .base import Draft, Words, fixed, neat


def metal_drills() -> Iterator[Draft]:
    """Twist drills: HSS by half a millimetre, HSS-Co by a whole one, sets."""
    sizes = [size / 10 for size in (*range(10, 60, 2), *range(60, 135, 5))]
    for letter, series, factor in (("", "HSS-G", 1.0), ("C", "HSS-Co 5 %", 2.2)):
        for size in sizes:
            if letter and (size * 10) % 5:
                continue
            text = fixed(size)
            length = round(30 + size * 9)
            yield Draft(
                f"SM-{size * 10:03.0f}{letter}",
                f"DIN338-{size:g}{letter}",
                Words(
                    f"Сверло по металлу {text.ru}×{length} мм, {series.replace(' %', '%')}",
                    f"Metal drill bit {text.en}×{length} mm, {series.replace(' %', '%')}",
                ),
                "shpintor",
                "metal-drill-bits",
                neat((18 + size**1.75 * 3.4) * factor),
                "twist-drill",
                {"diameter": size, "length": length, "series": series},
                pack=10 if size <= 6 else 5,
            )
    for pieces, top, price in ((6, 8, 690), (13, 6.5, 890), (19, 10, 1850), (25, 13, 3900)):
        text = Words(f"{top:g}".replace(".", ","), f"{top:g}")
        yield Draft(
            f"SM-S{pieces}",
            f"DIN338-SET{pieces}",
            Words(
                f"Набор свёрл по металлу HSS-G 1–{text.ru} мм, {pieces} шт",
                f"Metal drill bit set HSS-G 1–{text.en} mm, {pieces} pcs",
            ),
            "shpintor",
            "metal-drill-bits",
            neat(price),
            "bit-set",
            {"pieces": pieces},
            unit="set",
        )


def wood_drills() -> Iterator[Draft]:
    """Spiral, spade, auger and Forstner bits."""
    # fmt: off
    shelf = (("SD-", "Сверло по дереву спиральное", "Brad-point wood bit", "TWB", (3, 4, 5, 6, 7, 8, 9, 10, 12), 10, 4, "twist-drill"),
             ("SP-P", "Сверло перовое", "Spade bit", "SPB", (10, 12, 14, 16, 18, 20, 22, 25, 28, 30, 32, 35, 38, 40), 40, 2.6, "spade"),
             ("SV-", "Сверло винтовое, 230 мм", "Auger bit, 230 mm", "AUG", (8, 10, 12, 14, 16, 18, 20, 22, 24, 26), 140, 11, "auger"),
             ("SF-", "Сверло Форстнера", "Forstner bit", "FOR", (15, 20, 25, 26, 30, 35, 38, 40, 45, 50), 180, 9, "spade"))
    # fmt: on
    for prefix, ru, en, mpn, sizes, base, slope, drawing in shelf:
        for size in sizes:
            sku = f"{prefix}{size:02d}".replace("SP-P", "SR-")
            yield Draft(
                sku,
                f"{mpn}-{size}",
                Words(f"{ru} {size} мм", f"{en} {size} mm"),
                "shpintor",
                "wood-drill-bits",
                neat(base + size * slope),
                drawing,
                {"diameter": size},
                pack=1,
            )


def hammer_bits() -> Iterator[Draft]:
    """Bits for rotary hammers and breakers, `BU-<diameter>-<length>`, chisels, sets."""
    # fmt: off
    plus = {5: (110, 160), 6: (110, 160, 210), 8: (110, 160, 210, 260, 310), 10: (110, 160, 210, 260, 310, 450), 12: (160, 210, 260, 310, 450, 600), 14: (160, 210, 310, 450, 600), 16: (210, 310, 450, 600), 18: (250, 310, 450, 600),
            20: (250, 310, 450, 600), 22: (250, 310, 450, 600), 25: (250, 310, 450, 600)}
    # fmt: on
    for diameter, lengths in plus.items():
        for length in lengths:
            yield Draft(
                f"BU-{diameter:02d}-{length}",
                f"SDSP-{diameter}x{length}",
                Words(f"Бур SDS-plus {diameter}×{length} мм", f"SDS-plus bit {diameter}×{length} mm"),
                "shpintor",
                "hammer-bits",
                neat(38 + diameter**1.4 * 2.2 + length * 0.42),
                "hammer-bit",
                {"diameter": diameter, "length": length, "reach": length - 50, "shank": "SDS-plus"},
            )
    for diameter in (16, 18, 20, 22, 25, 28, 32, 35, 38, 40):
        for length in (340, 540, 800, 920):
            yield Draft(
                f"BM-{diameter:02d}-{length}",
                f"SDSM-{diameter}x{length}",
                Words(f"Бур SDS-max {diameter}×{length} мм", f"SDS-max bit {diameter}×{length} mm"),
                "shpintor",
                "hammer-bits",
                neat(320 + diameter**1.5 * 4 + length * 1.1),
                "hammer-bit",
                {"diameter": diameter, "length": length, "reach": length - 140, "shank": "SDS-max"},
            )
    # fmt: off
    shapes = (("PK", "Пика", "Point chisel"), ("ZP", "Зубило плоское", "Flat chisel"), ("LP", "Лопатка", "Spade chisel"), ("KN", "Зубило канальное", "Gouge chisel"))
    # fmt: on
    for code, ru, en in shapes:
        for shank, length, price in (
            ("SDS-plus", 250, 240),
            ("SDS-max", 280, 560),
            ("SDS-max", 400, 690),
            ("HEX 30", 410, 1250),
        ):
            yield Draft(
                f"ZB-{code}{shank[4] if shank[0] == 'S' else 'h'}{length}".upper(),
                f"{code}-{shank.replace(' ', '')}-{length}",
                Words(f"{ru} {shank}, {length} мм", f"{en} {shank}, {length} mm"),
                "shpintor",
                "hammer-bits",
                neat(price * (1.25 if code in ("LP", "KN") else 1)),
                "chisel",
                {"length": length, "shank": shank},
            )
    yield Draft(
        "BU-0816-5",
        "SDSP-SET5",
        Words("Набор буров SDS-plus 8–16 мм, 5 шт", "SDS-plus bit set 8–16 mm, 5 pcs"),
        "shpintor",
        "hammer-bits",
        neat(615),
        "bit-set",
        {"pieces": 5, "shank": "SDS-plus"},
        unit="set",
    )
    yield Draft(
        "BU-0512-7",
        "SDSP-SET7",
        Words("Набор буров SDS-plus 5–12 мм, 7 шт", "SDS-plus bit set 5–12 mm, 7 pcs"),
        "shpintor",
        "hammer-bits",
        neat(790),
        "bit-set",
        {"pieces": 7, "shank": "SDS-plus"},
        unit="set",
    )


def driver_bits() -> Iterator[Draft]:
    """Screwdriver bits by drive and length, in packs; impact sockets by size and square."""
    profiles = (
        "PH1",
        "PH2",
        "PH3",
        "PZ1",
        "PZ2",
        "PZ3",
        "T10",
        "T15",
        "T20",
        "T25",
        "T27",
        "T30",
        "T40",
        "H3",
        "H4",
        "H5",
        "H6",
        "H8",
        "SL5",
        "SL6",
    )
    for profile in profiles:
        for length, pieces, price in ((25, 10, 190), (50, 5, 210), (90, 2, 160), (150, 1, 130)):
            if length == 150 and profile[0] not in "PT":
                continue
            yield Draft(
                f"BT-{profile}-{length}",
                f"S2-{profile}x{length}",
                Words(
                    f"Бита {profile}×{length} мм, сталь S2, {pieces} шт",
                    f"Screwdriver bit {profile}×{length} mm, S2 steel, {pieces} pcs",
                ),
                "shpintor",
                "screwdriver-bits",
                neat(price),
                "screw-bit",
                {"profile": profile, "length": length, "pieces": pieces},
                unit="pack",
            )
    for pieces, price in ((10, 490), (32, 1290), (65, 2690)):
        yield Draft(
            f"BT-S{pieces}",
            f"S2-SET{pieces}",
            Words(f"Набор бит и держатель, {pieces} шт", f"Screwdriver bit set with holder, {pieces} pcs"),
            "shpintor",
            "screwdriver-bits",
            neat(price),
            "bit-set",
            {"pieces": pieces},
            unit="set",
        )
    # fmt: off
    shelves = (("12", "1/2″", (10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 24, 27, 30, 32)), ("34", "3/4″", (19, 22, 24, 27, 30, 32, 33, 36, 38, 41, 46)), ("10", "1″", (24, 27, 30, 32, 33, 36, 38, 41, 46, 50)))
    # fmt: on
    for code, square, sizes in shelves:
        for size in sizes:
            for deep in (False, True):
                if deep and code == "10":
                    continue
                tail = Words(", удлинённая", ", deep") if deep else Words("", "")
                yield Draft(
                    f"GU-{code}-{size}{'L' if deep else ''}",
                    f"IS{code}-{size}{'D' if deep else ''}",
                    Words(f"Головка ударная {square} {size} мм{tail.ru}", f"Impact socket {square} {size} mm{tail.en}"),
                    "shpintor",
                    "sockets",
                    neat(
                        (90 + size**1.45 * (1.6 if code == "12" else 3.2 if code == "34" else 5.5))
                        * (1.25 if deep else 1)
                    ),
                    "socket",
                    {"size": size, "square": square},
                )


def blades() -> Iterator[Draft]:
    """Jigsaw blades and reciprocating saw blades in packs."""
    # fmt: off
    jigsaw = (("T101B", "по дереву, чистый рез", "clean wood", 5, 230), ("T101D", "по дереву, быстрый рез", "fast wood", 5, 230), ("T144D", "по дереву, грубый рез", "rough wood", 5, 210), ("T119B", "по фанере", "plywood", 5, 190), ("T111C", "по ДСП", "chipboard", 5, 190),
              ("T118A", "по металлу 1–3 мм", "metal 1–3 mm", 5, 260), ("T118B", "по металлу 3–6 мм", "metal 3–6 mm", 5, 260), ("T127D", "по алюминию", "aluminium", 5, 290), ("T141HM", "по фиброцементу", "fibre cement", 3, 620), ("T130RIFF", "по плитке", "tiles", 1, 390), ("T244D", "по дереву, фигурный рез", "curved wood", 5, 240), ("T345XF", "по дереву с гвоздями", "wood with nails", 5, 460))
    # fmt: on
    for code, ru, en, pieces, price in jigsaw:
        yield Draft(
            f"PL-{code}",
            code,
            Words(f"Пилки для лобзика {code} {ru}, {pieces} шт", f"Jigsaw blades {code} for {en}, {pieces} pcs"),
            "shpintor",
            "jigsaw-blades",
            neat(price),
            "jigsaw-blade",
            {"pieces": pieces, "material": Words(ru, f"for {en}"), "shank": "T"},
            unit="pack",
        )
    # fmt: off
    sabre = (("S617K", "по сырой древесине", "green wood"), ("S922HF", "по дереву и металлу", "wood and metal"), ("S922BF", "по металлу", "metal"), ("S1122BF", "по трубам", "pipes"), ("S1531L", "по дереву, прямой рез", "straight wood"), ("S2041HM", "по газобетону", "aerated concrete"))
    # fmt: on
    for code, ru, en in sabre:
        for pieces, price in ((2, 420), (5, 890)):
            yield Draft(
                f"PS-{code}-{pieces}",
                f"{code}-{pieces}",
                Words(
                    f"Полотна для сабельной пилы {code} {ru}, {pieces} шт",
                    f"Reciprocating blades {code} for {en}, {pieces} pcs",
                ),
                "shpintor",
                "jigsaw-blades",
                neat(price * (2 if code.endswith("HM") else 1)),
                "sabre-blade",
                {"pieces": pieces, "material": Words(ru, f"for {en}")},
                unit="pack",
            )


def hole_saws() -> Iterator[Draft]:
    """Bimetal, diamond and carbide hole saws."""
    bimetal = (
        16,
        19,
        20,
        22,
        25,
        27,
        29,
        30,
        32,
        35,
        38,
        40,
        44,
        48,
        51,
        54,
        57,
        60,
        64,
        68,
        73,
        76,
        83,
        92,
        102,
        114,
        127,
    )
    for size in bimetal:
        yield Draft(
            f"KB-{size:03d}",
            f"HSB-{size}",
            Words(f"Коронка биметаллическая {size} мм", f"Bimetal hole saw {size} mm"),
            "shpintor",
            "hole-saws",
            neat(130 + size * 6.5),
            "hole-saw",
            {"diameter": size, "reach": 38},
        )
    for size in (6, 8, 10, 12, 14, 20, 25, 28, 32, 35, 40, 45, 50, 60, 68, 70, 75, 83):
        yield Draft(
            f"KA-{size:03d}",
            f"HSD-{size}",
            Words(f"Коронка алмазная по плитке {size} мм", f"Diamond hole saw for tiles {size} mm"),
            "kromlit",
            "hole-saws",
            neat(210 + size * 11),
            "hole-saw",
            {"diameter": size},
        )
    for size in (50, 68, 72, 82, 100, 112):
        yield Draft(
            f"KT-{size:03d}",
            f"HSC-{size}",
            Words(
                f"Коронка твердосплавная SDS-plus {size} мм, в сборе", f"Carbide hole saw SDS-plus {size} mm, complete"
            ),
            "shpintor",
            "hole-saws",
            neat(680 + size * 9),
            "hole-saw",
            {"diameter": size, "shank": "SDS-plus"},
            unit="set",
        )


def bits() -> Iterator[Draft]:
    """The whole shelf of bits, sockets, blades and hole saws."""
    for family in (metal_drills, wood_drills, hammer_bits, driver_bits, blades, hole_saws):
        yield from family()
