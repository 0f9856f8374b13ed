"""Case references: a prefix for the kind, a sequence and a check digit. They carry no date and nothing personal."""

from __future__ import annotations

import re

_SHAPE = re.compile(r"([A-Z]{2})-([0-9]{6,12})-([0-9])")


def reference(prefix: str, sequence: int) -> str:
    """Such as "TR-000001-7"."""
    digits = f"{sequence:06d}"
    return f"{prefix}-{digits}-{check_digit(digits)}"


def is_reference(text: str) -> bool:
    """Whether it is a reference and its check digit is right; capitals and spaces around it do not matter."""
    found = _SHAPE.fullmatch(text.strip().upper())
    return found is not None and check_digit(found[2]) == int(found[3])


def check_digit(digits: str) -> int:
    """The check digit of some digits by ISO 7064 MOD 11,10: it finds every single slip and most swaps."""
    product = 10
    for digit in digits:
        product = 2 * ((product + int(digit)) % 10 or 10) % 11
    return (11 - product) % 10
