"""Product pictures: line drawings in ink on paper with a saffron accent, drawn by Pillow from short vector programs.

A drawing is a tuple of shapes, each `"<fill> <path>"` in a field of 96 × 96. Fills: `soft` (a wash of ink), `accent`,
`paper` (hides what lies under it), `none` (line only), `ink` (solid). Paths are SVG's `M L H V C S Q A Z` in both cases,
plus two of our own: `O cx cy r` a circle and `R x y w h r` a rectangle with rounded corners."""

import io
import math
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from PIL import Image, ImageDraw

from .drawings import DRAWINGS

SIZE = 600
_OVERSAMPLING = 3
_STROKE = 1.75
_SCALE = 0.86
_INK, _PAPER, _ACCENT = (27, 28, 31), (240, 238, 232), (255, 176, 0)
_SOFT = tuple(round(paper + (ink - paper) * 0.075) for ink, paper in zip(_INK, _PAPER, strict=True))
_FILLS = {"soft": _SOFT, "accent": _ACCENT, "paper": _PAPER, "ink": _INK}

Point = tuple[float, float]


def _bezier(points: Sequence[Point], steps: int = 14) -> Iterator[Point]:
    """Points of a Bézier curve of any degree, by de Casteljau, its start left out."""
    for step in range(1, steps + 1):
        share, level = step / steps, list(points)
        while len(level) > 1:
            level = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in pairwise(level)]
        yield level[0]


def _arc(start: Point, radius: float, large: bool, sweep: bool, end: Point) -> Iterator[Point]:
    """Points of a circular arc; its centre as SVG 1.1 appendix F.6.5 finds it."""
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    distance = math.hypot(dx, dy)
    radius = max(radius, distance)
    height = math.sqrt(max(radius**2 - distance**2, 0)) / (distance or 1)
    sign = -1 if large == sweep else 1
    cx = (start[0] + end[0]) / 2 + sign * height * dy
    cy = (start[1] + end[1]) / 2 - sign * height * dx
    first = math.atan2(start[1] - cy, start[0] - cx)
    turn = math.atan2(end[1] - cy, end[0] - cx) - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    if not sweep and turn > 0:
        turn -= 2 * math.pi
    steps = max(4, round(abs(turn) * 12))
    for step in range(1, steps + 1):
        angle = first + turn * step / steps
        yield cx + radius * math.cos(angle), cy + radius * math.sin(angle)


_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")


class _Path:
    """Reads one path program into lines: lists of points, each with whether it is closed."""

    def __init__(self, program: str) -> None:
        self.tokens = _TOKEN.findall(program)
        self.place = 0
        self.at: Point = (0.0, 0.0)
        self.control = self.at
        self.lines: list[tuple[list[Point], bool]] = []

    def number(self) -> float:
        self.place += 1
        return float(self.tokens[self.place - 1])

    def point(self, relative: bool) -> Point:
        x, y = self.number(), self.number()
        return (self.at[0] + x, self.at[1] + y) if relative else (x, y)

    def more(self) -> bool:
        return self.place < len(self.tokens) and not self.tokens[self.place].isalpha()

    def read(self) -> list[tuple[list[Point], bool]]:
        while self.place < len(self.tokens):
            letter = self.tokens[self.place]
            self.place += 1
            if letter in "Zz":
                points, _ = self.lines[-1]
                self.lines[-1] = (points, True)
                self.at = points[0]
                continue
            self.segment(letter.upper(), letter.islower())
            while self.more():
                self.segment("L" if letter.upper() == "M" else letter.upper(), letter.islower())
        return self.lines

    def segment(self, letter: str, relative: bool) -> None:
        if letter == "O":
            x, y, radius = self.number(), self.number(), self.number()
            turns = (2 * math.pi * step / 72 for step in range(72))
            self.lines.append(([(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns], True))
            return
        if letter == "R":
            self.rectangle()
            return
        if letter == "M":
            self.control = self.at = self.point(relative)
            self.lines.append(([self.at], False))
            return
        reader: dict[str, Callable[[bool], list[Point]]] = {
            "L": lambda rel: [self.point(rel)],
            "H": lambda rel: [(self.number() + (self.at[0] if rel else 0), self.at[1])],
            "V": lambda rel: [(self.at[0], self.number() + (self.at[1] if rel else 0))],
            "C": lambda rel: self.cubic(self.point(rel), self.point(rel), self.point(rel)),
            "S": lambda rel: self.cubic(self.mirrored(), self.point(rel), self.point(rel)),
            "Q": lambda rel: list(_bezier([self.at, self.point(rel), self.point(rel)])),
            "A": self.arc,
        }
        points = reader[letter](relative)
        if letter not in "CS":
            self.control = points[-1]
        self.lines[-1][0].extend(points)
        self.at = points[-1]

    def cubic(self, first: Point, second: Point, end: Point) -> list[Point]:
        self.control = second
        return list(_bezier([self.at, first, second, end]))

    def mirrored(self) -> Point:
        """The first control point of a smooth curve: the last one, mirrored at where the pen is."""
        return 2 * self.at[0] - self.control[0], 2 * self.at[1] - self.control[1]

    def arc(self, relative: bool) -> list[Point]:
        wide, high, _ = self.number(), self.number(), self.number()
        large, sweep = bool(self.number()), bool(self.number())
        end, squeeze = self.point(relative), wide / high
        circle = _arc((self.at[0], self.at[1] * squeeze), wide, large, sweep, (end[0], end[1] * squeeze))
        return [(x, y / squeeze) for x, y in circle]

    def rectangle(self) -> None:
        x, y, width, height, radius = (self.number() for _ in range(5))
        corner = f"a{radius} {radius} 0 0 1"
        right, down = width - 2 * radius, height - 2 * radius
        program = (
            f"M{x + radius} {y}h{right}{corner} {radius} {radius}v{down}{corner} {-radius} {radius}"
            f"h{-right}{corner} {-radius} {-radius}v{-down}{corner} {radius} {-radius}z"
        )
        self.lines.extend(_Path(program).read())


@cache
def _outline(shape: str) -> tuple[str, tuple[tuple[tuple[Point, ...], bool], ...]]:
    fill, _, program = shape.partition(" ")
    return fill, tuple((tuple(points), closed) for points, closed in _Path(program).read())


def _draw(pen: ImageDraw.ImageDraw, shapes: Sequence[str], scale: float, left: float, top: float) -> None:
    """Draw shapes with the given pixels per unit, their origin at (left, top); lines are as thick in a small drawing."""
    width = round(_STROKE * _SCALE * SIZE * _OVERSAMPLING / 96)
    for shape in shapes:
        fill, lines = _outline(shape)
        for points, closed in lines:
            pixels = [(left + x * scale, top + y * scale) for x, y in points]
            if fill in _FILLS and len(pixels) > 2:
                pen.polygon(pixels, fill=_FILLS[fill])
            run = [*pixels, pixels[0], pixels[1]] if closed else pixels
            pen.line(run, fill=_INK, width=width, joint="curve")
            for x, y in () if closed else (pixels[0], pixels[-1]):
                half = width / 2 - 0.5
                pen.ellipse((x - half, y - half, x + half, y + half), fill=_INK)


def picture(key: str) -> bytes:
    """The picture of a drawing (`drill`, or `drill:kit` with its case) as a PNG of `SIZE` × `SIZE`.

    Raises KeyError where there is no such drawing."""
    side = SIZE * _OVERSAMPLING
    image = Image.new("RGB", (side, side), _PAPER)
    pen = ImageDraw.Draw(image)
    unit = side / 96
    kind, _, variant = key.partition(":")
    if variant == "kit":
        _draw(pen, DRAWINGS[kind], unit * 0.74, unit * 4, unit * 4)
        _draw(pen, DRAWINGS["case"], unit * 0.5, unit * 45, unit * 50)
    else:
        _draw(pen, DRAWINGS[key], unit * _SCALE, unit * 6.7, unit * 6.7)
    small = image.reduce(_OVERSAMPLING).quantize(32, method=Image.Quantize.FASTOCTREE)
    out = io.BytesIO()
    small.save(out, "PNG", compress_level=6)
    return out.getvalue()
