"""The synonyms a new portal begins with: plain language, nothing of one trade. Editors change them like their own."""

from typing import Final

GROUPS: Final[tuple[tuple[str, ...], ...]] = (
    ("laptop", "notebook", "ноутбук", "лэптоп"),
    ("tv", "television", "телевизор"),
    ("mobile phone", "cell phone", "smartphone", "смартфон"),
    ("usb stick", "usb flash drive", "thumb drive", "флешка"),
    ("ups", "uninterruptible power supply", "ибп", "источник бесперебойного питания"),
    ("hard drive", "hard disk", "hdd", "жёсткий диск"),
    ("ssd", "solid state drive", "твердотельный накопитель"),
    ("graphics card", "video card", "видеокарта"),
    ("cpu", "processor", "процессор"),
    ("motherboard", "mainboard", "материнская плата"),
    ("mouse pad", "mouse mat", "коврик для мыши"),
    ("cordless", "rechargeable", "аккумуляторный", "беспроводной"),
    ("cordless screwdriver", "cordless driver", "шуруповёрт", "аккумуляторная отвёртка"),
    ("hammer drill", "rotary hammer", "перфоратор"),
    ("angle grinder", "болгарка", "ушм", "угловая шлифмашина"),
    ("chainsaw", "бензопила", "цепная пила"),
    ("battery", "аккумулятор", "акб", "батарея"),
    ("charger", "зарядное устройство", "зарядка"),
    ("заказать", "заказ"),
)
