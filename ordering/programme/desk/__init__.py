"""The programme on the head office's desk: screens that read, or call services."""

from typing import Final

from accounts.enums import Right

READERS: Final = (Right.READ_FIGURES,)
