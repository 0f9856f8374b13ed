"""What a caseworker says of what was disclosed: whether it stands or is wrong, and what is right.

UK General Data Protection Regulation, Article 5(1)(d) (accuracy), Article 16 (rectification) and Article 19
(notification): https://www.legislation.gov.uk/eur/2016/679
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from db.records import Json
from desktop.policy.agreements_parts import Option

STANDS = "stands"
WRONG = "wrong"
FINDINGS: Mapping[str, str] = {STANDS: "Right as given", WRONG: "Wrong or incomplete"}
_CLINICAL = re.compile(r"\b(diagnos|symptom|prescri|allerg(y|ic)|pregnan|medication|psychiatr)", re.IGNORECASE)
"""Words that are clinical wherever they stand: none of them begins the name of a street or of a person."""
NOTHING_IN_PLACE = "We cannot give you anything in its place. Do not use it."
"""What is said where it is not known what is right, and where what is right must not leave the desk: the words are
the same, so that they tell nothing.
"""
NOT_TO_BE_USED = "What we gave was wrong. Whoever has it is told not to use it."
"""The same, as the person themself is told it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is said of one item of one disclosure."""

    item: str
    """The option's id: "TR-000001-7:address"."""
    finding: str
    """``STANDS``, ``WRONG``, or "" for an item that nobody challenges."""
    right: str

    @property
    def wrong(self) -> bool:
        """Whether the item is wrong."""
        return self.finding == WRONG

    @property
    def reference(self) -> str:
        """The case in which it was disclosed."""
        return self.item.partition(":")[0]


def is_clinical(text: str) -> bool:
    """Whether a text that stands in place of what was wrong says something clinical."""
    return _CLINICAL.search(text) is not None


def corrections_in(value: Json) -> tuple[Correction, ...]:
    """What was said of each item that has a finding, each item once; nothing where the answer has another shape."""
    found: dict[str, Correction] = {}
    for row in value if isinstance(value, list | tuple) else ():
        if isinstance(row, Mapping):
            item, finding, right = (str(row.get(part) or "").strip() for part in ("item", "finding", "right"))
            if item and finding in FINDINGS:
                found[item] = Correction(item, finding, right if finding == WRONG else "")
    return tuple(found.values())


def correction_words(value: Json, options: tuple[Option, ...]) -> str:
    """What was said of each item, as people read it, a line or two to each."""
    labels = {one.id: one.label for one in options}
    return "\n\n".join(
        f"{labels.get(one.item, one.item)}\n{FINDINGS[one.finding]}{_right(one)}" for one in corrections_in(value)
    )


def _right(one: Correction) -> str:
    if not one.wrong:
        return ""
    return f". What is right: {one.right}" if one.right else ". What is right is not known"
