"""Accessories, measuring, storage and protection."""

import math


def _spokes(radius_in: float, radius_out: float, count: int, slant: float = 0.0) -> str:
    """Short strokes around the middle, leaning by `slant` radians."""
    strokes = []
    for step in range(count):
        turn = 2 * math.pi * step / count
        x, y = 48 + radius_in * math.cos(turn), 48 + radius_in * math.sin(turn)
        strokes.append(
            f"M{x:.2f} {y:.2f}L{48 + radius_out * math.cos(turn + slant):.2f} {48 + radius_out * math.sin(turn + slant):.2f}"
        )
    return "".join(strokes)


def _blade(inner: float, outer: float, count: int) -> str:
    """A saw blade: each tooth rises slowly and falls at once."""
    points = []
    for tooth in range(count):
        for share, radius in ((0.0, inner), (0.78, outer), (0.86, inner - 1.5)):
            turn = 2 * math.pi * (tooth + share) / count
            points.append(f"{48 + radius * math.cos(turn):.2f} {48 + radius * math.sin(turn):.2f}")
    return "M" + "L".join(points) + "z"


def _segments(inner: float, outer: float, count: int) -> str:
    """Segments of a diamond rim with slots between them."""
    found = []
    for part in range(count):
        first, last = 2 * math.pi * (part + 0.06) / count, 2 * math.pi * (part + 0.94) / count
        corners = [
            (48 + radius * math.cos(turn), 48 + radius * math.sin(turn))
            for radius, turn in ((inner, first), (outer, first), (outer, last), (inner, last))
        ]
        a, b, c, d = (f"{x:.2f} {y:.2f}" for x, y in corners)
        found.append(f"M{a}L{b}A{outer} {outer} 0 0 1 {c}L{d}A{inner} {inner} 0 0 0 {a}z")
    return "".join(found)


_SPIRAL = "none M24 60l12 7M32 52l12 7M40 44l12 7M48 36l12 7"
_ROD = "soft M14 76L58 32l8 8-44 44-10 2z"
# fmt: off
_HUB = ("accent O48 48 20", "paper O48 48 6")
# fmt: on

# fmt: off
WARES: dict[str, tuple[str, ...]] = {
    "disc": ("soft O48 48 37", f"none {_spokes(30, 33, 40)}", *_HUB, "none M40 36h16"),
    "disc-large": ("soft O48 48 42", f"none {_spokes(34, 38, 56)}", f"none {_spokes(27, 30, 40)}", "accent O48 48 22", "paper O48 48 7", "none M39 35h18M42 61h12"),
    "disc-grinding": ("soft O48 48 37", f"none {_spokes(26, 35, 24, 0.12)}", "accent O48 48 22", "soft O48 48 14", "paper O48 48 6"),
    "disc-flap": ("soft O48 48 38", f"none {_spokes(20, 38, 26, 0.3)}", "accent O48 48 20", "paper O48 48 6", "none M41 37h14"),
    "disc-diamond": (f"accent {_segments(32, 39, 10)}", "soft O48 48 31", "paper O48 48 7", f"none {_spokes(16, 24, 5, 0.2)}"),
    "disc-diamond:rim": ("accent O48 48 39", "soft O48 48 33", "paper O48 48 7", f"none {_spokes(16, 24, 5, 0.2)}"),
    "blade": (f"soft {_blade(35, 41, 24)}", "accent O48 48 14", "paper O48 48 6", "none M48 22c4 2 4 6 0 8M74 48c-2 4-6 4-8 0M48 74c-4-2-4-6 0-8M22 48c2-4 6-4 8 0"),
    "abrasive": ("soft O44 52 32", "accent O56 40 32", "paper O56 40 3", "paper O56 24 3", "paper O72 40 3", "paper O56 56 3", "paper O40 40 3"),
    "abrasive:sheet": ("soft R22 24 50 60 2", "accent R28 14 50 60 2", "none M36 26l8-6M36 38l22-16M36 50l34-24M40 60l32-22M54 64l18-12"),
    "abrasive:belt": ("soft M20 20h56a14 14 0 0 1 14 14v28a14 14 0 0 1-14 14H20z", "accent M20 20a14 14 0 0 1 14 14v28a14 14 0 0 1-28 0V34a14 14 0 0 1 14-14z", "paper M20 28a7 7 0 0 1 7 7v26a7 7 0 0 1-14 0V35a7 7 0 0 1 7-7z", "none M44 34h30M44 48h34M44 62h30"),
    "wire-brush": ("soft M40 8h16v16H40z", "accent M24 24h48l4 16H20z", "none M22 40l-6 44M30 40l-4 46M38 40l-2 46M46 40v48M54 40l2 46M62 40l3 46M70 40l5 44M74 40l7 42"),
    "twist-drill": ("soft M62 34l20-20 4 4-20 20z", "accent M80 12l6-6 8 8-6 6z", _ROD, _SPIRAL),
    "auger": ("accent M66 22l10-10 8 8-10 10z", "soft M16 72L64 24l8 8-48 48-14 6z", "none M22 66c8-2 10 0 10 8M32 56c8-2 10 0 10 8M42 46c8-2 10 0 10 8M52 36c8-2 10 0 10 8"),
    "spade": ("soft M56 34l24-24 6 6-24 24z", "soft M24 56l20-16 14 12-16 20z", "accent M26 58l-14 22 6 6 22-14z", "none M12 80l-4 6 2 2 6-4M36 48l12 12"),
    "hammer-bit": ("accent M66 18l10-10 12 12-10 10z", "none M70 14l12 12", "soft M20 70L62 26l8 8-42 44z", "none M28 62l12 6M36 54l12 6M44 46l12 6M52 38l12 6", "accent M20 70l8 8-14 8-4-4z"),
    "chisel": ("accent M68 16l10-10 12 12-10 10z", "none M72 12l12 12", "soft M34 52l36-36 10 10-36 36z", "soft M34 52l10 10-18 22-14-14z", "none M12 70l14 14"),
    "screw-bit": ("soft M20 58l28-28 18 18-28 28z", "accent M48 30l8-8 18 18-8 8z", "soft M60 24l16-16 12 12-16 16z", "none M20 58l-8 14 14 12 12-8M28 62l6 6M36 54l6 6"),
    "bit-set": ("soft R10 28 76 50 4", "accent R10 28 76 12 4", "soft M20 46h6v24h-6zM33 46h6v24h-6zM46 46h6v24h-6zM59 46h6v24h-6zM72 46h6v24h-6z", "none M20 52h6M33 52h6M46 52h6M59 52h6M72 52h6M38 28v-8h20v8"),
    "socket": ("soft M22 26c0-8 52-8 52 0v44c0 8-52 8-52 0z", "paper M22 26c0 8 52 8 52 0s-52-8-52 0z", "accent M36 26l6-3h12l6 3-6 3H42z", "none M22 54c0 8 52 8 52 0M32 60v12M48 62v13M64 60v12"),
    "jigsaw-blade": ("soft M14 20h8v54l-8 8z", "soft M38 20h8v54l-8 8z", "soft M62 20h8v54l-8 8z", "accent M12 10h12v12H12zM36 10h12v12H36zM60 10h12v12H60z", "none M22 28l5 3-5 3 5 3-5 3 5 3-5 3 5 3-5 3 5 3-5 3 5 3-5 3M46 28l5 3-5 3 5 3-5 3 5 3-5 3 5 3-5 3 5 3-5 3 5 3-5 3M70 28l5 3-5 3 5 3-5 3 5 3-5 3 5 3-5 3 5 3-5 3 5 3-5 3"),
    "sabre-blade": ("soft M20 30h66l-6 12H20z", "soft M20 56h66l-6 12H20z", "accent M8 30h14v12H8zM8 56h14v12H8z", "none M24 42l3 4 3-4 3 4 3-4 3 4 3-4 3 4 3-4 3 4 3-4 3 4 3-4 3 4 3-4M24 68l3 4 3-4 3 4 3-4 3 4 3-4 3 4 3-4 3 4 3-4 3 4 3-4 3 4 3-4"),
    "hole-saw": ("soft M18 34c0-10 60-10 60 0v38l-4 6-4-4-4 6-4-4-4 6-5-4-5 6-5-4-4 4-5-6-4 4-4-6-4 4-4-6-4-2z", "paper M18 34c0 10 60 10 60 0s-60-10-60 0z", "accent M40 8h16v24c0 3-16 3-16 0z", "none M40 16h16M28 50v12h6V50z"),
    "laser": ("soft R26 22 44 46 8", "accent R36 32 24 16 4", "none M48 2v14M2 44h18M76 44h18M48 80v14M34 68v8h28v-8", "ink O42 58 1.4", "ink O54 58 1.4"),
    "meter": ("soft R30 8 36 80 8", "accent R36 16 24 24 3", "none M41 24h14M41 31h9", "paper O48 54 7", "none M38 68h6M52 68h6M38 77h6M52 77h6M45 68h6"),
    "tripod": ("soft R36 8 24 12 3", "accent R40 20 16 14 2", "none M44 34L20 90M52 34l24 56M48 34v54M34 58h28", "none M60 14h14"),
    "tape": ("soft M24 20h32c16 0 26 10 26 26v30H20a8 8 0 0 1-8-8V32a12 12 0 0 1 12-12z", "accent O46 48 15", "paper O46 48 6", "none M82 70h10v8H60M66 74v4M72 74v4M78 74v4"),
    "level": ("soft R4 36 88 22 3", "accent R36 40 24 14 6", "none M44 40v14M52 40v14", "paper O16 47 6", "paper O80 47 6", "none M14 45l4 4M78 45l4 4"),
    "case:organizer": ("soft R10 22 76 56 5", "none M10 40h76M35 22v56M61 22v56M10 59h25M61 59h25", "accent R38 43 20 32 2", "none M38 22v-6h20v6"),
    "bag": ("soft M16 44h64l6 38H10z", "none M30 44c0-30 36-30 36 0", "accent R34 52 28 14 3", "none M22 44v10M74 44v10M12 74h72"),
    "goggles": ("soft M8 36c8-8 72-8 80 0 2 14-2 28-14 28-12 0-14-12-26-12S34 64 22 64C10 64 6 50 8 36z", "accent M14 40c4-4 24-4 28 0 0 8-6 18-16 18S12 48 14 40zM54 40c4-4 24-4 28 0 2 8-2 18-12 18S54 48 54 40z", "none M8 40L2 34M88 40l6-6"),
    "earmuffs": ("none M22 52C18 12 78 12 74 52", "soft M10 50h16v30H16c-6 0-8-4-8-10s0-14 2-20zM86 50H70v30h10c6 0 8-4 8-10s0-14-2-20z", "accent R22 48 10 34 4", "accent R64 48 10 34 4"),
    "glove": ("soft M30 88V60L18 44c-3-5 4-9 8-5l8 9V18c0-6 8-6 8 0v22-28c0-6 8-6 8 0v28-26c0-6 8-6 8 0v28-20c0-6 8-6 8 0v42c0 8-4 12-4 24z", "accent M28 76h36v12H28z"),
    "respirator": ("soft M16 34c16-14 48-14 64 0 2 26-10 44-32 44S14 60 16 34z", "accent O48 54 11", "none M42 54h12M16 38L4 30M80 38l12-8M18 56L6 62M78 56l12 6M34 32c10-4 18-4 28 0"),
}
# fmt: on
