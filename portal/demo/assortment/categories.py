"""The category tree, the brands and the attributes with their labels and units, in both languages."""

from dataclasses import dataclass

from .base import Words


@dataclass(frozen=True, slots=True)
class Category:
    slug: str
    name: Words
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Brand:
    code: str
    name: str
    country: Words
    gs1_prefix: str


@dataclass(frozen=True, slots=True)
class Attribute:
    key: str
    label: Words
    unit: Words | None = None


# fmt: off
_TREE: tuple[tuple[str, str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "power-tools", "Электроинструмент", "Power tools",
        (
            ("drill-drivers", "Дрели-шуруповёрты", "Drill drivers"),
            ("impact-wrenches", "Гайковёрты", "Impact wrenches"),
            ("impact-drivers", "Винтовёрты", "Impact drivers"),
            ("drills", "Дрели сетевые", "Corded drills"),
            ("rotary-hammers", "Перфораторы", "Rotary hammers"),
            ("breakers", "Отбойные молотки", "Demolition hammers"),
            ("angle-grinders", "Угловые шлифмашины", "Angle grinders"),
            ("sanders", "Шлифовальные машины", "Sanders"),
            ("jigsaws", "Лобзики", "Jigsaws"),
            ("saws", "Пилы дисковые и сабельные", "Circular and reciprocating saws"),
            ("routers-planers", "Фрезеры и рубанки", "Routers and planers"),
            ("heat-guns", "Фены строительные", "Heat guns"),
            ("mixers", "Миксеры строительные", "Paddle mixers"),
            ("extractors", "Пылесосы", "Dust extractors"),
        ),
    ),
    ("garden", "Садовая техника", "Garden tools", ()),
    (
        "power", "Аккумуляторы и зарядные", "Batteries and chargers",
        (
            ("batteries", "Аккумуляторы", "Batteries"),
            ("chargers", "Зарядные устройства", "Chargers"),
        ),
    ),
    (
        "accessories", "Оснастка", "Accessories",
        (
            ("cutting-discs", "Диски отрезные", "Cutting discs"),
            ("grinding-discs", "Диски зачистные и лепестковые", "Grinding and flap discs"),
            ("diamond-discs", "Диски алмазные", "Diamond discs"),
            ("saw-blades", "Диски пильные", "Circular saw blades"),
            ("metal-drill-bits", "Свёрла по металлу", "Metal drill bits"),
            ("wood-drill-bits", "Свёрла по дереву", "Wood drill bits"),
            ("hammer-bits", "Буры и зубила", "Hammer bits and chisels"),
            ("screwdriver-bits", "Биты", "Screwdriver bits"),
            ("sockets", "Головки ударные", "Impact sockets"),
            ("jigsaw-blades", "Пилки и полотна", "Jigsaw and reciprocating blades"),
            ("hole-saws", "Коронки", "Hole saws"),
            ("abrasives", "Шлифлисты и круги на липучке", "Sanding sheets and discs"),
            ("wire-brushes", "Щётки-крацовки", "Wire brushes"),
        ),
    ),
    (
        "spare-parts", "Запчасти", "Spare parts",
        (
            ("carbon-brushes", "Щётки угольные", "Carbon brushes"),
            ("bearings", "Подшипники", "Bearings"),
            ("armatures", "Якоря и роторы", "Armatures and rotors"),
            ("stators", "Статоры", "Stators"),
            ("switches", "Выключатели", "Switches"),
            ("gears", "Редукторы и шестерни", "Gearboxes and gears"),
            ("chucks", "Патроны и шпиндели", "Chucks and spindles"),
            ("housings", "Корпуса и рукоятки", "Housings and handles"),
            ("electronics", "Платы и кабели", "Control boards and cords"),
            ("seals", "Сальники и кольца", "Seals and rings"),
            ("lubricants", "Смазки", "Greases"),
        ),
    ),
    ("measuring", "Измерение", "Measuring", ()),
    ("storage", "Кейсы и хранение", "Cases and storage", ()),
    ("protection", "Средства защиты", "Personal protection", ()),
)
# fmt: on


def _flatten() -> tuple[Category, ...]:
    found: list[Category] = []
    for slug, ru, en, children in _TREE:
        found.append(Category(slug, Words(ru, en)))
        found.extend(Category(child, Words(cru, cen), slug) for child, cru, cen in children)
    return tuple(found)


CATEGORIES = _flatten()

RUSSIA = Words("Россия", "Russia")
CHINA = Words("Китай", "China")

# fmt: off
BRANDS = (
    Brand("tveron", "Тверон", RUSSIA, "4690000"),
    Brand("kromlit", "Кромлит", RUSSIA, "4607700"),
    Brand("shpintor", "Шпинтор", CHINA, "4607701"),
    Brand("kalibron", "Калиброн", CHINA, "4607702"),
    Brand("ladmar", "Ладмар", RUSSIA, "4607703"),
)
# fmt: on

UNITS = {"pcs": Words("шт", "pcs"), "pack": Words("упак", "pack"), "set": Words("компл", "set")}

# In the order in which a page lists them: what tells articles apart first.
# fmt: off
_LABELS: tuple[tuple[str, str, str, str, str], ...] = (
    ("series", "Серия", "Series", "", ""),
    ("material", "По материалу", "For material", "", ""),
    ("voltage", "Напряжение", "Voltage", "В", "V"),
    ("capacity", "Ёмкость", "Capacity", "А·ч", "Ah"),
    ("torque", "Крутящий момент, макс.", "Torque, max.", "Н·м", "N·m"),
    ("light", "Световой поток", "Luminous flux", "лм", "lm"),
    ("air_speed", "Скорость воздуха", "Air speed", "м/с", "m/s"),
    ("energy", "Энергия удара", "Impact energy", "Дж", "J"),
    ("power", "Мощность", "Power", "Вт", "W"),
    ("amperage", "Ток", "Current", "А", "A"),
    ("charge_time", "Время заряда", "Charge time", "мин", "min"),
    ("disc", "Диаметр диска", "Disc diameter", "мм", "mm"),
    ("diameter", "Диаметр", "Diameter", "мм", "mm"),
    ("thickness", "Толщина", "Thickness", "мм", "mm"),
    ("bore", "Посадка", "Bore", "мм", "mm"),
    ("teeth", "Зубьев", "Teeth", "", ""),
    ("stroke", "Ход", "Stroke", "мм", "mm"),
    ("angle", "Угол колебаний", "Oscillation angle", "°", "°"),
    ("width", "Ширина", "Width", "мм", "mm"),
    ("length", "Длина", "Length", "мм", "mm"),
    ("reach", "Рабочая длина", "Working length", "мм", "mm"),
    ("inner_diameter", "Внутренний диаметр", "Inner diameter", "мм", "mm"),
    ("outer_diameter", "Наружный диаметр", "Outer diameter", "мм", "mm"),
    ("size", "Размер", "Size", "", ""),
    ("brush_size", "Размер щётки", "Brush size", "мм", "mm"),
    ("profile", "Шлиц", "Drive profile", "", ""),
    ("square", "Квадрат", "Square drive", "", ""),
    ("shank", "Хвостовик", "Shank", "", ""),
    ("chuck", "Патрон", "Chuck", "мм", "mm"),
    ("grit", "Зернистость", "Grit", "", ""),
    ("speed", "Обороты", "Speed", "об/мин", "rpm"),
    ("volume", "Объём", "Volume", "л", "L"),
    ("seal", "Защита", "Sealing", "", ""),
    ("motor", "Двигатель", "Motor", "", ""),
    ("kit", "Комплект", "Kit", "", ""),
    ("pieces", "В наборе", "Pieces", "шт", "pcs"),
    ("fits_models", "Модели", "Models", "", ""),
    ("position", "Позиция на схеме", "Position in the drawing", "", ""),
    ("fits", "Подходит к", "Fits", "", ""),
    ("weight", "Масса", "Weight", "кг", "kg"),
    ("carton", "В коробе", "Per carton", "шт", "pcs"),
    ("warranty", "Гарантия", "Warranty", "мес.", "months"),
    ("country", "Страна", "Country", "", ""),
)
# fmt: on

ATTRIBUTES = {
    key: Attribute(key, Words(ru, en), Words(unit_ru, unit_en) if unit_ru else None)
    for key, ru, en, unit_ru, unit_en in _LABELS
}
