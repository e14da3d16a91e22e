"""Spare parts."""

import math


def _teeth(cx: float, cy: float, inner: float, outer: float, count: int) -> str:
    """The outline of a gear: `count` teeth between two radii."""
    points = []
    for tooth in range(count):
        for share, radius in ((0.0, inner), (0.2, outer), (0.5, outer), (0.7, inner)):
            turn = 2 * math.pi * (tooth + share) / count
            points.append(f"{cx + radius * math.cos(turn):.2f} {cy + radius * math.sin(turn):.2f}")
    return "M" + "L".join(points) + "z"


def _ring(cx: float, cy: float, radius: float, size: float, count: int) -> str:
    """`count` circles of `size` on a circle."""
    turns = [2 * math.pi * step / count for step in range(count)]
    return "".join(f"O{cx + radius * math.cos(turn):.2f} {cy + radius * math.sin(turn):.2f} {size}" for turn in turns)


# fmt: off
_GREASE = ("soft M30 34h36l4 46c0 4-2 6-6 6H32c-4 0-6-2-6-6z", "accent M38 18h20v16H38z", "none M38 24h20M38 29h20", "paper R36 50 24 20 3", "none M42 57h12M42 63h8")
# fmt: on

# fmt: off
PARTS: dict[str, tuple[str, ...]] = {
    "brush": (
        "soft R14 46 24 34 2", "soft R56 46 24 34 2", "accent M14 70h24v10H14zM56 70h24v10H56z",
        "none M19 46l14-5-14-5 14-5-14-5h14M61 46l14-5-14-5 14-5-14-5h14", "none M26 26c0-8 6-10 12-10h6M68 26c0-8-6-10-12-10h-4", "soft R42 12 12 8 1.5",
    ),
    "holder": ("soft R20 30 44 40 4", "accent R30 40 24 20 2", "none M64 40h14v20H64M20 50H8M36 30v-10h12v10M36 70v10h12V70", "ink O72 50 1.4"),
    "armature": (
        "ink M4 47h14v3H4zM78 47h14v3H78z", "accent R18 38 14 20 1", "none M18 42h14M18 46h14M18 50h14M18 54h14", "soft R36 28 32 40 3", "none M38 64l10-32M46 66l10-34M54 66l10-34", "none M72 26v44M76 30v36",
    ),
    "stator": ("soft O48 48 36", "paper O48 48 19", "accent M30 26h36l-5 9H35zM30 70h36l-5-9H35z", "none M14 40h8v16h-8M82 40h-8v16h8M40 84v8M56 84v8"),
    "switch": ("soft R22 34 46 40 3", "accent M30 34c2-12 18-18 30-16l4 16z", "none M30 74v10M42 74v10M54 74v10M68 46h12M68 60h12", "paper R30 46 18 14 2", "none M34 53h10"),
    "gear": (f"soft {_teeth(48, 48, 32, 39, 22)}", "accent O48 48 18", "paper O48 48 8", "none M48 40v-3M56 48h3"),
    "gear:bevel": (f"soft {_teeth(40, 56, 27, 33, 18)}", "accent O40 56 15", "paper O40 56 6", "soft M58 14l26 14-9 16-24-12z", "none M63 17l-6 13M69 20l-6 14M75 23l-6 15M80 26l-5 14M71 21l6-11 8 4-6 12"),
    "barrel": ("soft M4 40h16v16H4z", "soft M20 34h34v28H20z", "soft M54 30h22v36H54z", "accent M76 38h14v20H76z", "none M26 34v28M32 34v28M60 30v36M70 30v36M4 48h16", "paper O43 48 5"),
    "spindle": ("soft M6 42h18v12H6z", "soft M24 36h26v24H24z", "accent M50 30h8v36h-8z", "soft M58 40h32v16H58z", "none M64 40l-4 16M70 40l-4 16M76 40l-4 16M82 40l-4 16M88 40l-4 16M32 36v24M10 42v12"),
    "striker": ("soft M8 40h30v16H8z", "soft M38 34h36v28H38z", "accent M74 38h14v20H74z", "none M44 34v28M50 34v28M8 48h22"),
    "cord": ("none M20 84c-14-20 8-40 28-40s34-12 24-24-30 0-22 12", "accent M12 80h18v12H12z", "none M17 92v3M25 92v3", "soft M46 26l12 6-5 12-12-6z", "none M44 31l11 6"),
    "board": ("soft R12 20 72 54 4", "accent R24 32 22 18 2", "none M28 32v-6M35 32v-6M42 32v-6M28 50v6M35 50v6M42 50v6", "soft O64 38 8", "soft R54 54 22 10 2", "none M20 64h24M20 74v10M30 74v10M40 74v10", "ink O18 26 1.2", "ink O78 26 1.2"),
    "handle": ("soft M8 42h50c10-6 20-6 28-2v16c-8 4-18 4-28-2H8z", "accent M8 42h10v12H8z", "none M18 42v12M26 42v12M34 42v12M42 42v12M50 42v12M2 46h6M2 50h6", "none M68 41v14M76 40v16"),
    "housing": ("soft M14 26h50c12 0 18 8 18 18v10H60l-6 28H36l4-28H14a6 6 0 0 1-6-6V32a6 6 0 0 1 6-6z", "accent R18 34 20 12 3", "none M46 34v14M52 34v14M58 34v14", "paper O70 42 5", "ink O16 31 1.1", "ink O44 76 1.1", "ink O16 50 1.1"),
    "guard": ("soft M12 58a36 36 0 0 1 72 0H70a22 22 0 0 0-44 0z", "accent R40 40 16 10 3", "paper O48 58 12", "none M60 58h24M12 58h24M62 66l8 6"),
    "screws": ("soft M16 14h16v8H16zM40 14h16v8H40zM64 14h16v8H64z", "soft M20 22h8v46l-4 8-4-8zM44 22h8v34l-4 8-4-8zM68 22h8v56l-4 8-4-8z", "none M20 32l8 3M20 40l8 3M20 48l8 3M20 56l8 3M44 32l8 3M44 40l8 3M44 48l8 3M68 32l8 3M68 40l8 3M68 48l8 3M68 56l8 3M68 64l8 3", "accent M16 14h16v3H16zM40 14h16v3H40zM64 14h16v3H64z"),
    "chuck": ("soft M12 40h14v16H12z", "soft M26 30h30v36H26z", "soft M56 34l20 8v12l-20 8z", "none M76 45h12M76 51h12", "accent M34 30h6v36h-6z", "none M46 34v28M50 34v28"),
    "bearing": ("soft O48 48 36", "paper O48 48 29", f"accent {_ring(48, 48, 23.5, 4.2, 9)}", "soft O48 48 18", "paper O48 48 11"),
    "seal": ("soft O48 48 34", "accent O48 48 26", "soft O48 48 21", "paper O48 48 15"),
    "grease": _GREASE,
}
# fmt: on
