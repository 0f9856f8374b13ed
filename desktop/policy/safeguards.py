"""What a safeguarding concern keeps from a letter, and which requests come from the same side as a named risk.

The sources for keeping an address off: NHS Digital, restricting access to a patient's demographic record (address,
telephone and GP practice are hidden):
https://digital.nhs.uk/services/demographics/restricting-access-to-a-patients-demographic-record
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from desktop.policy.people import name_key

RISK_WHO = "safeguarding.risk_who"
RISK_WHY = "safeguarding.risk_why"
_WHERE = re.compile(
    r"\b(address|postcode|post code|area|gp|contact|phone|telephone|mobile|e ?mail|lives?|living|resid|abode|stay|"
    r"locat|where|house)"
)


def tells_where(key: str, label: str) -> bool:
    """Whether an item, by its key or its label, tells where a person is or how they can be reached."""
    return any(_WHERE.search(re.sub(r"[_\-]+", " ", text).casefold()) for text in (key, label))


@dataclass(frozen=True, slots=True)
class Side:
    """Who asks, as a request says."""

    body: str
    unit: str
    officer: str

    @classmethod
    def of(cls, answers: Mapping[str, object]) -> Side:
        """From a request's answers."""
        parts = (answers.get(f"requester.{one}") for one in ("body", "unit", "officer"))
        return cls(*(one if isinstance(one, str) else "" for one in parts))


def same_side(who: str, named: Side, other: Side) -> bool:
    """Whether another request comes from the person who was named, or from the unit of the request that they made."""
    unit = name_key(named.unit)
    if unit and unit == name_key(other.unit) and name_key(named.body) == name_key(other.body):
        return True
    risk = _words(who)
    return any(len(words) > 1 and words <= risk for words in (_words(other.officer), _words(other.body)))


def _words(text: str) -> frozenset[str]:
    return frozenset(key for word in re.split(r"[\s,;()]+", text) if (key := name_key(word)))
