"""The recovery key as people print, read out and type it: eight groups of five, each with a check character.

Crockford's base 32 leaves out I, L, O and U. The last character of a group is a sum over GF(32) of the other four and
of the group's place: one wrong character, two that changed places, or two groups that did, are found and named.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.security.problems import WrongRecoveryCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALPHABET_WORDS = "the figures 0 to 9 and the letters A to Z without I, L, O and U"
GROUPS = 8
_DATA = 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = str.maketrans(dict.fromkeys(" \t\r\n-\u2010\u2011\u2012\u2013\u2014\u00a0.", ""))


def new_code(random: Callable[[int], bytes]) -> str:
    """A new recovery key of 160 random bits, its groups joined with hyphens."""
    # 256 is a multiple of 32, so that each character is as likely as any other.
    drawn = [byte % len(ALPHABET) for byte in random(GROUPS * _DATA)]
    groups = (drawn[start : start + _DATA] for start in range(0, len(drawn), _DATA))
    return "-".join(
        "".join(ALPHABET[value] for value in [*group, _check(place, group)])
        for place, group in enumerate(groups, start=1)
    )


def code_secret(typed: str) -> bytes:
    """What was typed, brought to the one form that seals the key. Raises WrongRecoveryCode naming the group."""
    plain = typed.upper().translate(_BETWEEN).translate(_READ_AS)
    size = _DATA + 1
    for place, start in enumerate(range(0, len(plain), size), start=1):
        values = [ALPHABET.find(character) for character in plain[start : start + size]]
        if len(values) == size and place <= GROUPS and (-1 in values or values[-1] != _check(place, values[:-1])):
            raise WrongRecoveryCode(
                f"Group {place} of the recovery key is not as printed.", todo="Check that group.", group=place
            )
    if len(plain) != GROUPS * size:
        raise WrongRecoveryCode(
            f"The recovery key has {GROUPS} groups of {size} characters; {len(plain)} of {GROUPS * size} were typed.",
            todo="Type every group on the sheet.",
        )
    return plain.encode("ascii")


def _check(place: int, values: list[int]) -> int:
    """The group's check character: Horner's rule at a generator of GF(32), beginning with the group's place."""
    total = place
    for value in values:
        total = _doubled(total) ^ value
    return _doubled(total)


def _doubled(value: int) -> int:
    """Times x in GF(32), modulo x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value
