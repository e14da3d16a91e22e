"""Machines, batteries and chargers."""

# fmt: off
_PISTOL = (
    "soft M27 49l-5 28h20l6-28z",
    "soft M20 27h38a8 8 0 0 1 8 8v6a8 8 0 0 1-8 8H20a8 8 0 0 1-8-8v-6a8 8 0 0 1 8-8z",
    "accent R13 77 37 12 3",
    "accent M48 49c5 3 4 9 0 13l-3-1 2-12z",
    "none M19 33v10M24 33v10M29 33v10M40 38h18",
)
# fmt: on
# fmt: off
_CHUCK = ("accent M66 31h9v14h-9z", "soft M75 33l8 3v4l-8 3z", "none M83 38h10")
# fmt: on
# fmt: off
_BODY = ("soft M36 33h44a9 9 0 0 1 9 9v2a9 9 0 0 1-9 9H36z", "soft R14 28 22 30 6", "none M14 36H6M48 39v8M53 39v8M58 39v8")
# fmt: on
# fmt: off
_DISC = ("none M20 58h10v6H20z", "soft M2 68a23 5 0 0 1 46 0a23 5 0 0 1-46 0z", "none M6 64c2-6 8-6 14-6")
# fmt: on
_FOOT = "accent R8 76 34 11 3"

# fmt: off
MACHINES: dict[str, tuple[str, ...]] = {
    "drill": (*_PISTOL, *_CHUCK),
    "drill-impact": (*_PISTOL, "accent M66 29h11v18H66z", "none M70 29v18M73.5 29v18", "soft M77 32l7 4v4l-7 4z", "none M84 38h10M88 33v-5M92 34l3-4M88 43v5M92 42l3 4"),
    "drill-corded": (
        "soft M24 47l-6 30c-1 5 2 8 7 8h10c4 0 6-3 7-7l6-31z",
        "soft M16 25h44a8 8 0 0 1 8 8v8a8 8 0 0 1-8 8H16a8 8 0 0 1-8-8v-8a8 8 0 0 1 8-8z",
        "accent M46 49c5 3 4 9 0 13l-3-1 2-12z", "accent M68 29h8v16h-8z", "soft M76 32l8 3v4l-8 3z", "none M84 37h10",
        "none M15 31v12M20 31v12M25 31v12M38 37h22M28 85c0 6-6 8-14 8", "soft R58 20 6 34 2",
    ),
    "wrench": (*_PISTOL, "soft M66 28h10l4 4v12l-4 4H66z", "accent R80 33 8 10 1", "none M88 35h4M88 41h4M92 35v6"),
    "impact-driver": (*_PISTOL, "soft M66 30h6l9 5v6l-9 5h-6z", "accent M81 34h5v8h-5z", "none M86 38h8"),
    "hammer": (
        "soft M10 34h8v12h-8zM18 30h10v20H18z", "soft M28 26h42v28H40l-6-4h-6z",
        "none M70 30c14 0 18 6 18 18s-3 30-10 30-8-6-8-12V54", "soft M40 54v10h18V54", "accent R36 31 24 9 2",
        "none M10 40H2M64 32v16M84 70c6 2 6 10 2 14",
    ),
    "hammer-large": (
        "none M2 40h10", "accent M12 33h8v14h-8z", "soft M20 29h12v22H20z", "soft R32 23 38 34 4", "none M70 28h6c10 0 14 6 14 12s-4 12-14 12h-6",
        "soft R38 57 26 20 4", "none M38 64h26M38 70h26", "accent R40 30 22 8 2", "none M24 51v18h-6v8h14v-8h-4M51 77c0 8 8 12 18 12",
    ),
    "hammer-cordless": (
        "soft M10 34h8v12h-8zM18 30h10v20H18z", "soft M28 26h36a8 8 0 0 1 8 8v20H40l-6-4h-6z", "accent R36 31 22 9 2",
        "none M72 32c10 0 14 6 14 16 0 8-1 14-3 22", "none M70 54l-4 16", "accent R58 70 32 12 3", "none M10 40H2M64 32v16",
    ),
    "breaker": (
        "none M30 12h36M48 12v8", "soft R26 8 10 8 3", "soft R60 8 10 8 3", "soft M36 20h24l4 8v26l-4 6H36l-4-6V28z", "accent R38 30 20 10 2",
        "none M38 46h20M38 51h20", "soft M41 60h14l-2 12H43z", "accent M45 72h6v6h-6z", "none M48 78v14M46 88l2 6 2-6",
    ),
    "grinder": (*_BODY, *_DISC, "accent M66 39h12v8H66z", "none M89 43c5 0 5 8 2 14"),
    "grinder-large": (
        "soft M34 34h34c8 0 10-4 16-4s8 4 8 12-2 13-8 13-8-4-16-4H34z", "soft R12 28 22 30 6", "none M14 36H5M44 38v10M49 38v10M54 38v10",
        "accent R72 37 12 9 3", "none M18 58h10v6H18z", "soft M0 69a26 6 0 0 1 50 0a26 6 0 0 1-50 0z", "none M4 64c2-7 8-6 14-6", "none M92 46c3 2 3 8 0 12",
    ),
    "grinder-cordless": (*_BODY[:2], "none M14 36H6M46 39v8M51 39v8", *_DISC, "accent R74 36 20 14 3", "none M80 36v14", "accent M58 40h9v6h-9z"),
    "jigsaw": (
        "soft M16 58V40c0-10 6-16 16-16h38c8 0 12 4 12 10v4c0 5-4 8-9 8H58v12z", "paper M34 34h30c5 0 5 8 0 8H44c-4 0-10-2-10-8z",
        "accent R10 58 64 7 2", "soft M24 65v24l5-4v-20z", "none M24 71l5 2M24 77l5 2M82 36h10",
    ),
    "saw-circular": (
        "soft O46 56 26", "none M46 30v-6M64 38l4-4M72 56h6M64 74l4 4M46 82v6M28 74l-4 4M20 56h-6M28 38l-4-4", "paper O46 56 6", "soft M18 52a28 28 0 0 1 56 0z",
        "soft M40 26c6-10 24-14 38-8 8 4 10 12 6 18l-8-2c2-6-2-9-8-10-10-2-18 2-22 8z", "accent R6 52 84 6 2", "none M58 40h8M58 45h8",
    ),
    "saw-sabre": (
        "soft M30 34h28c6 0 8-4 14-4h10a8 8 0 0 1 8 8v14a8 8 0 0 1-8 8h-8c-6 0-8-8-14-8H30z", "paper M70 38h10v14h-8z", "accent R24 32 8 22 2", "soft M24 38h-6v10h6z",
        "soft M18 40H2l2 6h14z", "none M6 46l2 3 2-3 2 3 2-3 2 3", "accent R78 60 14 10 2", "none M38 38v10M43 38v10",
    ),
    "saw-mitre": (
        "soft O44 44 22", "none M44 22v-5M60 28l4-4M66 44h5M28 28l-4-4M22 44h-5", "paper O44 44 5", "soft M20 40a24 24 0 0 1 48 0z", "none M62 30l18-14", "accent R76 8 14 10 4",
        "soft R8 72 80 12 3", "accent R30 66 30 6 2", "none M66 50l8 22M12 72V60h10",
    ),
    "sander": ("soft M28 52V36c0-12 8-18 20-18s22 6 22 18v16z", "none M34 28h28", "accent R24 52 48 8 3", "soft R18 60 60 9 2", "none M18 69c0 5 4 7 8 7h44c4 0 8-2 8-7", "none M70 42h10v10h8M40 36h18M40 42h18"),
    "sander-belt": ("soft M20 58h58l8 10-8 12H20l-8-12z", "paper O22 69 6", "paper O76 69 6", "soft M20 58V40c0-8 6-12 14-12h26c10 0 16 6 16 14v16z", "accent R34 36 28 8 2", "none M36 28c0-8 4-12 12-12h10c6 0 8 4 8 8M82 44h10M28 69h40"),
    "multi": ("soft M24 34h44c10 0 16 4 20 10v8c-4 6-10 10-20 10H24z", "soft R12 30 14 36 4", "accent R34 38 18 8 3", "soft M14 66h10v6H14z", "accent M10 72h18l3 14H7z", "none M10 86v3M14 86v3M18 86v3M22 86v3M26 86v3M60 42v12M65 42v12"),
    "planer": ("soft M8 62V50c0-8 6-10 12-10h46c8 0 14 6 14 12v10z", "none M26 40c0-16 8-20 20-20h14c10 0 14 6 14 12l-2 9", "paper M36 40c0-8 4-11 10-11h12c4 0 6 2 6 5l-1 6z", "accent R4 62 40 8 2", "soft R50 62 40 8 2", "accent O18 46 7", "none M52 52h18"),
    "router": ("soft R30 14 36 38 6", "none M36 22v18M41 22v18M46 22v18", "accent R54 22 8 14 2", "soft R12 28 14 12 6", "soft R70 28 14 12 6", "none M26 34h4M66 34h4", "soft M36 52h24v10H36z", "none M46 62v8M50 62v8M44 76l4 8 4-8v-6h-8z", "accent R14 62 68 7 2"),
    "heatgun": ("soft M34 46l-6 32c0 4 2 6 6 6h10c3 0 5-2 6-6l6-30z", "soft M22 22h40a4 4 0 0 1 4 4v18a4 4 0 0 1-4 4H22a13 13 0 0 1 0-26z", "accent M66 26h14l4 3v12l-4 3H66z", "none M88 30c3 2-3 4 0 6M93 32c3 2-3 4 0 6", "accent M52 48c5 3 4 9 0 12l-3-1 2-11z", "none M18 30v10M23 30v10M28 30v10M36 84c0 6-6 8-14 8"),
    "mixer": ("soft R30 8 36 18 6", "none M10 18h20M66 18h20", "soft R4 12 14 12 5", "soft R78 12 14 12 5", "accent R40 12 16 8 2", "soft M42 26h12v8H42z", "none M48 34v42", "accent M36 76c0-10 24-10 24 0s-24 10-24 0z", "none M36 76c6 6 18-6 24 0M40 86h16"),
    "extractor": ("soft R22 42 52 36 6", "accent M26 42c0-14 8-22 22-22s22 8 22 22z", "none M36 20c0-6 4-8 12-8s12 2 12 8", "none M22 52h-8c-8 0-8 10-2 14", "soft O30 82 7", "soft O66 82 7", "paper O48 60 9", "none M44 60h8M34 34h28"),
    "blower": ("soft M54 24c14 0 26 8 26 22s-10 22-24 22c-10 0-14-8-24-12L8 50v-10l26-4c8-2 10-12 20-12z", "paper O56 46 11", "none M56 35v22M45 46h22", "none M52 24c0-8 6-12 14-12s14 6 14 12", "accent R40 67 28 11 3", "none M8 40H2M8 45H2M8 50H2"),
    "trimmer": ("none M74 10L30 76", "soft M66 6l16 10-8 14-14-9z", "accent R70 4 16 12 3", "none M52 36l14 8M44 52c-8-2-12-8-10-14", "soft M14 78a16 8 0 0 1 32 0z", "accent M24 78h12v7H24z", "none M24 84l-14 6M36 84l14 6"),
    "chainsaw": ("soft M8 46h40v14H8a7 7 0 0 1 0-14z", "none M12 46l3-4 3 4 3-4 3 4 3-4 3 4 3-4 3 4 3-4 3 4M12 60l3 4 3-4 3 4 3-4 3 4 3-4 3 4 3-4 3 4", "soft R48 36 34 34 6", "accent R54 52 18 11 2", "none M54 36c0-14 6-18 14-18 6 0 10 4 10 10M82 44c10 0 12 6 12 14s-4 12-12 12", "none M54 44h14"),
    "lamp": ("soft M22 22h52l6 8v26l-6 6H22l-6-6V30z", "accent R26 28 44 26 4", "none M36 28v26M48 28v26M60 28v26", "none M30 62l-8 24M66 62l8 24M18 86h60", "soft R40 62 16 10 2"),
    "washer": ("soft R20 30 34 46 6", "accent R26 36 22 12 3", "none M28 30c0-14 18-14 18 0", "soft O26 80 7", "soft O50 80 7", "none M54 60h10c10 0 4-34 16-34", "soft M76 24l4-10 6 2-4 12z", "none M84 15l6-11M88 3l6 2M30 56h16M30 62h16"),
    "mower": ("soft M14 66c0-14 8-22 22-22h20c12 0 20 8 20 22z", "accent R32 36 22 9 3", "none M68 50L92 14M86 12l8 5", "soft O22 74 9", "soft O68 74 9", "paper O22 74 3", "paper O68 74 3", "none M31 74h28M30 56h28"),
    "battery": (
        "soft M26 22h44v14H26z", "soft R16 36 64 42 6", "accent M16 56h64v8H16z", "none M34 26v6M42 26v6M54 26v6M62 26v6", "ink O30 71 1.2", "ink O37 71 1.2", "ink O44 71 1.2", "none M50 40l-7 7h10l-6 7",
    ),
    "battery:large": (
        "soft M28 12h40v12H28z", "soft R14 24 68 60 6", "accent M14 46h68v9H14z", "none M35 15v6M43 15v6M53 15v6M61 15v6", "ink O26 76 1.2", "ink O33 76 1.2", "ink O40 76 1.2", "ink O47 76 1.2", "none M50 28l-8 8h11l-7 8M20 62h56M20 68h56",
    ),
    "charger": ("soft R12 46 72 30 7", "soft M28 46v-8h40v8z", "accent M34 38v-6h28v6z", "none M22 66h24", "accent O72 66 3", "none M84 62c8 0 8 20-4 22"),
    "charger:double": ("soft R6 46 84 32 7", "soft M14 46v-8h28v8zM54 46v-8h28v8z", "accent M18 38v-6h20v6zM58 38v-6h20v6z", "none M16 68h16M42 68h14", "accent O66 68 3", "accent O78 68 3", "none M90 62c6 2 4 22-8 24"),
    "case": ("soft R10 34 76 44 5", "none M36 34v-8h24v8M10 52h76", "accent M26 48h10v9H26zM60 48h10v9H60z"),
}
# fmt: on
