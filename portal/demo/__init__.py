"""The demo world: «Тверон», a maker of power tools, its dealers, their people, clients, sales and guides.

Everything but `load.py` is pure data and pure generators, the same on every run and every machine."""
