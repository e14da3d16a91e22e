"""The wrong keyboard layout: "iehegjdthn" is шуруповерт typed with English on, "ьфлшеф" is makita the
other way round.
"""

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`" + 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~'
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё" + "ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)


def swapped(text: str) -> str | None:
    """The whole text as the other layout would have typed it; None if it has letters of both, or none.

    On the raw text, before it is split into words: х ъ ж э б ю sit on punctuation keys.
    """
    latin = any("a" <= sign <= "z" for sign in text.lower())
    cyrillic = any("а" <= sign <= "я" or sign == "ё" for sign in text.lower())
    if latin == cyrillic:
        return None
    return text.translate(_TO_CYRILLIC if latin else _TO_LATIN)
