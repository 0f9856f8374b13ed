"""What a safeguarding concern keeps from a letter, and which requests come from the same side as a named risk.

The sources for keeping an address off: NHS Digital, restricting access to a patient's demographic record (address,
telephone and GP practice are hidden):
https://digital.nhs.uk/services/demographics/restricting-access-to-a-patients-demographic-record
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from db.records_requesters import SIDE
from desktop.policy.people import name_key
from desktop.policy.samename import Name, may_be_one, names_in, names_told, tells_a_name, without, writes_as

RISK_WHO = "safeguarding.risk_who"
RISK_WHY = "safeguarding.risk_why"
_REMEMBERED = 2_000
"""So many texts of other requests are read once only: officers come again."""
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
    countersigner: str = ""
    email: str = ""

    @classmethod
    def of(cls, answers: Mapping[str, object]) -> Side:
        """From a request's answers."""
        parts = (answers.get(one) for one in SIDE)
        return cls(*(one if isinstance(one, str) else "" for one in parts))


def same_side(who: str, named: Side, other: Side) -> bool:
    """Whether another request comes from the person who was named, or from the unit of the request that they made."""
    return comes_from(who, named)(other)


def comes_from(who: str, named: Side) -> Callable[[Side], bool]:
    """Tells of any other request whether it comes from the person named here, or from the unit of this request.

    They are looked for as its officer, its countersigner and in its e-mail address; as its body where that is who asks.
    Names are compared as ``samename`` has it, which rather calls for the guardian than misses one. Where `who` names
    nobody ("her former partner"), it is whoever asks here.
    """
    unit, body = name_key(named.unit), name_key(named.body)
    risk = _risk(who, named)

    @lru_cache(maxsize=_REMEMBERED)
    def is_named(text: str, least: int = 1) -> bool:
        names = [name for name in names_in(text) if len(name) >= least]
        return any(may_be_one(one, name) for one in risk if len(one) >= least for name in names)

    @lru_cache(maxsize=_REMEMBERED)
    def writes(email: str) -> bool:
        return any(writes_as(one, email) for one in risk)

    def same(other: Side) -> bool:
        if unit and unit == name_key(other.unit) and body == name_key(other.body):
            return True
        if is_named(other.officer) or is_named(other.countersigner) or (other.email.strip() and writes(other.email)):
            return True
        return is_named(other.body, 2 if other.officer.strip() else 1)

    return same


def _risk(who: str, named: Side) -> tuple[Name, ...]:
    """Each way to read who was named, also without the words of the body and unit that they ask for."""
    if not who.strip():
        return ()
    told = names_told(who) if tells_a_name(who) else (*names_told(who), *names_in(named.officer or named.body))
    bare = (without(one, f"{named.body} {named.unit}") for one in told)
    return tuple(dict.fromkeys((*told, *(one for one in bare if one))))
