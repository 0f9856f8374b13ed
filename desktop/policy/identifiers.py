"""NHS numbers, National Insurance numbers and postcodes: how they are written, and whether they can be right."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\-\u2010-\u2015\u2212.]+")
"""What people and programs put between the groups of a number: spaces, hyphens and dashes, invisible marks."""
_NI_NUMBER = re.compile(r"[A-Z]{2}[0-9]{6}[A-D]?")
_POSTCODE = re.compile(
    # Areas and districts as A9, A99, A9A, AA9, AA99 and AA9A; the last two letters are never C, I, K, M, O or V.
    r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][ABD-HJLNP-UW-Z]{2}|GIR0AA|BFPO[0-9]{1,4}"
)


POSTCODE_AREAS = frozenset(
    (
        "AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX "
        "FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE "
        "NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ "
        "TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE "
    ).split()
)
"""The letters that a postcode of the United Kingdom, of the Crown dependencies and of the forces (BF) begins with:
Office for National Statistics, postcode areas."""
_POSTCODE_IN_TEXT = re.compile(
    r"(?<![A-Z0-9])[A-Z]{1,2}[0-9][0-9A-Z]?\s?[0-9][ABD-HJLNP-UW-Z]{2}(?![A-Z0-9])", re.IGNORECASE
)
_MONEY = re.compile(r"£?\s*([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,9})(\.[0-9]{2})?")
_SHARE_CODE = re.compile(r"[WRS][A-Z0-9]{8}")


def parse_money(text: str) -> float | None:
    """An amount in pounds as people write it ("£1,250.00", "500"); None where it is none."""
    found = _MONEY.fullmatch(text.strip())
    return float(found[0].lstrip("£").strip().replace(",", "")) if found else None


def normalise_share_code(text: str) -> str:
    """A share code without spaces, hyphens and small letters."""
    return _BETWEEN.sub("", text).upper()


def share_code_looks_right(text: str) -> bool:
    """Nine letters and figures, the first W (work), R (rent) or S (anything else): GOV.UK, share codes."""
    return bool(_SHARE_CODE.fullmatch(normalise_share_code(text)))


def normalise_nhs_number(text: str) -> str:
    """The digits of a number typed with or without spaces and hyphens; "" where it holds anything else."""
    digits = _BETWEEN.sub("", text)
    return digits if digits.isascii() and digits.isdigit() else ""


def nhs_number_is_right(text: str) -> bool:
    """Ten digits whose last is right by modulus 11 (NHS Data Dictionary, NHS number)."""
    digits = normalise_nhs_number(text)
    if len(digits) != 10:
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return check % 11 == int(digits[9])  # 11 stands for 0; 10 is no figure, so such a number is never right


def looks_like_ni_number(text: str) -> bool:
    """Whether it has the shape of a National Insurance number."""
    return bool(_NI_NUMBER.fullmatch(_BETWEEN.sub("", text).upper()))


def postcode_looks_right(text: str) -> bool:
    """Whether it has the shape of a United Kingdom postcode; case, spaces and punctuation do not matter."""
    return bool(_POSTCODE.fullmatch("".join(c for c in text.upper() if c.isalnum())))


def postcodes_in(text: str) -> tuple[str, ...]:
    """What stands in a text in the shape of a United Kingdom postcode, as it is written there."""
    return tuple(_POSTCODE_IN_TEXT.findall(text))


def is_pseudo_postcode(text: str) -> bool:
    """Whether it is one of the NHS codes for no fixed address, an address abroad or one not known."""
    return "".join(text.split()).upper().startswith("ZZ99")
