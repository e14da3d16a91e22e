"""SKUs in addresses and in comparisons."""


def key(sku: str) -> str:
    """What SKUs are compared by: no case, no spaces around."""
    return sku.strip().casefold()


def to_address(sku: str) -> str:
    """The SKU as one part of an address: `~` as `~0`, `/` as `~1` (JSON Pointer, RFC 6901)."""
    return sku.replace("~", "~0").replace("/", "~1")


def from_address(part: str) -> str:
    """The SKU of a part of an address: the reverse of `to_address`."""
    return part.replace("~1", "/").replace("~0", "~")


class SkuConverter:
    """`<sku:sku>` in a URLconf."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> str:
        return from_address(value)

    def to_url(self, value: str) -> str:
        return to_address(value)
