"""What must hold in an agreement's clock, in its waiting, and between the two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop.policy.agreements_format import Agreement
from desktop.policy.agreements_parts import Ask, Because, ExtensionRule
from desktop.policy.life import EXTENDING

CALENDARS = ("uk-any-part", "england-and-wales", "scotland", "northern-ireland", "none")
_IN_A_MONTH = 19
"""So many working days are over before a month is, unless it has holidays: a point never falls after the due date."""
_ID = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Where something does not hold, and what."""

    path: tuple[str | int, ...]
    message: str


def clock_mistakes(agreement: Agreement) -> Iterator[Mistake]:
    """Of the clock, its extension and what is asked for."""
    clock = agreement.clock
    if clock.calendar not in CALENDARS:
        yield Mistake(("clock", "calendar"), f"use one of {', '.join(CALENDARS)}.")
    if not 1 <= clock.length <= 1000:
        yield Mistake(("clock", "length"), "use a number from 1 to 1,000.")
    if clock.expedited_length is not None and not 1 <= clock.expedited_length <= clock.length:
        yield Mistake(("clock", "expedited_length"), "use a number from 1 to the usual length.")
    for name in ("escalate_at", "draft_at"):
        if clock.kind == "months" and not 0 <= getattr(clock, name) <= (latest := clock.length * _IN_A_MONTH):
            yield Mistake(("clock", name), f"use a number of working days from 0 to {latest:,}.")
        elif clock.kind != "months" and not 0 <= getattr(clock, name) <= clock.length:
            yield Mistake(("clock", name), "use a number from 0 to the usual length.")
    yield from _named(("clock", "asks"), clock.asks)
    if clock.extension is not None:
        yield from _extension(clock.extension, clock.length)


def _extension(rule: ExtensionRule, length: int) -> Iterator[Mistake]:
    here = ("clock", "extension")
    if not 1 <= rule.longest <= 1000:
        yield Mistake((*here, "longest"), "use a number from 1 to 1,000.")
    if not 1 <= rule.tell_within <= length:
        yield Mistake((*here, "tell_within"), "use a number from 1 to the usual length.")
    if not rule.who or set(rule.who) - EXTENDING:
        allowed = ", ".join(sorted(EXTENDING))
        yield Mistake((*here, "who"), f"use one or more of {allowed}.")
    if not rule.reasons:
        yield Mistake((*here, "reasons"), "there must be a reason: no law extends the time without one.")
    for name in ("tell", "source"):
        if not getattr(rule, name).strip():
            yield Mistake((*here, name), "this cannot be empty.")
    yield from _named((*here, "reasons"), rule.reasons)


def _named(here: tuple[str | int, ...], things: Sequence[Ask | Because]) -> Iterator[Mistake]:
    """Each has an id of its own, words and a source."""
    ids = [one.id for one in things]
    for index, one in enumerate(things):
        if not _ID.fullmatch(one.id) or ids.index(one.id) != index:
            yield Mistake((*here, index, "id"), "give it an id of its own, in small letters.")
        for name in ("label", "source"):
            if not getattr(one, name).strip():
                yield Mistake((*here, index, name), "this cannot be empty.")


def waiting_mistakes(agreement: Agreement) -> Iterator[Mistake]:
    """Of waiting for the requester, and of what stands out about whoever asks."""
    rule = agreement.waiting
    if not 1 <= rule.close_after <= 1000:
        yield Mistake(("waiting", "close_after"), "use a number from 1 to 1,000.")
    for name in ("officer", "unit", "days"):
        if not 1 <= getattr(agreement.repeats, name) <= 1000:
            yield Mistake(("repeats", name), "use a number from 1 to 1,000.")
    if not 1 <= rule.chase_after <= rule.close_after:
        yield Mistake(("waiting", "chase_after"), "use a number from 1 to that of close_after.")
