"""The drawings of articles as vector programs; `pictures.py` says how they are read."""

from .machines import MACHINES
from .parts import PARTS
from .wares import WARES

DRAWINGS: dict[str, tuple[str, ...]] = {**MACHINES, **PARTS, **WARES}
