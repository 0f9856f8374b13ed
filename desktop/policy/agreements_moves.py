"""Changes of an agreement that its keeper wrote under ``[[changes]]``: suspended, resumed, withdrawn from a day on.

A change makes the versions that the file would have had, had it been written anew: nothing before its day is touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec

from desktop.policy.agreements_format import Agreement
from desktop.policy.agreements_parts import Change, ClockRule, Version
from desktop.policy.wording import day

_DAY = timedelta(days=1)


class CannotMove(ValueError):
    """This change cannot be made to the agreement, and why."""


def moved(agreement: Agreement) -> Agreement:
    """The agreement with its changes made, in their order. Raises CannotMove, saying which."""
    for number, change in enumerate(agreement.changes, 1):
        try:
            agreement = _MOVES[change.kind](agreement, change)
        except CannotMove as error:
            raise CannotMove(f"change {number}: {error}") from error
    return agreement


def with_change(text: str, change: Change) -> str:
    """The agreement's text with one change more at its end."""
    because = json.dumps(change.because, ensure_ascii=False)
    lines = ("[[changes]]", f'kind = "{change.kind}"', f"on = {change.on.isoformat()}", f"because = {because}")
    return f"{text.rstrip()}\n\n" + "\n".join(lines) + "\n"


def _suspend(agreement: Agreement, change: Change) -> Agreement:
    last = _last(agreement, change)
    if last.suspended_from is not None and last.suspended_to is None:
        raise CannotMove(f"it is suspended already, since {day(last.suspended_from)}.")
    if last.suspended_from is not None:
        # One version has one suspension: the next begins a version of its own, which is the same otherwise.
        agreement = _split(agreement, change.on)
        last = agreement.versions[-1]
    return _with_last(agreement, suspended_from=change.on, suspended_to=None, because=change.because, of=last)


def _resume(agreement: Agreement, change: Change) -> Agreement:
    last = _last(agreement, change)
    if last.suspended_from is None or last.suspended_to is not None:
        raise CannotMove("it is not suspended.")
    if change.on <= last.suspended_from:
        raise CannotMove(f"it was suspended on {day(last.suspended_from)}: give a later day.")
    return _with_last(agreement, suspended_to=change.on - _DAY, of=last)


def _withdraw(agreement: Agreement, change: Change) -> Agreement:
    last = _last(agreement, change)
    if change.on == last.in_force_from:
        raise CannotMove(f"its last version came into force on {day(last.in_force_from)}: give a later day.")
    ended = _with_last(agreement, in_force_to=change.on - _DAY, of=last)
    end = Version(
        number=last.number + 1,
        title="Withdrawn",
        in_force_from=change.on,
        source=agreement.source,
        accepts=False,
        because=change.because,
    )
    return msgspec.structs.replace(ended, versions=(*ended.versions, end))


_MOVES: Mapping[str, Callable[[Agreement, Change], Agreement]] = {
    "suspend": _suspend,
    "resume": _resume,
    "withdraw": _withdraw,
}


def _last(agreement: Agreement, change: Change) -> Version:
    last = agreement.versions[-1]
    if not change.because.strip():
        raise CannotMove("say why, in words that a letter may use.")
    if not last.accepts:
        raise CannotMove(f"it takes no requests since {day(last.in_force_from)}.")
    if change.on < last.in_force_from or (last.in_force_to is not None and change.on > last.in_force_to):
        raise CannotMove(f"{day(change.on)} is not in its last version, in force from {day(last.in_force_from)}.")
    return last


def _with_last(agreement: Agreement, *, of: Version, **values: Any) -> Agreement:
    return msgspec.structs.replace(
        agreement, versions=(*agreement.versions[:-1], msgspec.structs.replace(of, **values))
    )


def _split(agreement: Agreement, on: date) -> Agreement:
    last = agreement.versions[-1]
    if on <= (last.suspended_to or last.in_force_from):
        raise CannotMove(f"it was suspended until {day(last.suspended_to or last.in_force_from)}: give a later day.")
    number = last.number + 1
    ended = msgspec.structs.replace(last, in_force_to=on - _DAY)
    begun = msgspec.structs.replace(
        last, number=number, in_force_from=on, suspended_from=None, suspended_to=None, because=""
    )

    def widened(things: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            msgspec.structs.replace(one, versions=(*one.versions, number)) if last.number in one.versions else one
            for one in things
        )

    return msgspec.structs.replace(
        agreement,
        versions=(*agreement.versions[:-1], ended, begun),
        grounds=widened(agreement.grounds),
        criteria=widened(agreement.criteria),
        items=widened(agreement.items),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What decides a request on its day of receipt."""

    version: Version | None
    agreement: Agreement
    held: bool


def effects(
    pinned: Agreement, now: Agreement, number: int, received: date, chosen: Mapping[str, Any]
) -> tuple[str, ...]:
    """What the agreement as it is now means for a request that is pinned to an earlier text; () for nothing.

    ``number``: the version that it is tested against. ``chosen``: its answers. The version in force on the day of
    receipt governs, so a change from a later day on means nothing for it.
    """
    before = _Seen(pinned.version(number), pinned.at(number, received), _held(pinned.version(number), received))
    version = now.version_on(received)
    after = _Seen(version, now.at(version.number if version else 0, received), _held(version, received))
    if version is None or not version.accepts:
        was_open = before.version is not None and before.version.accepts
        because = version.because if version else now.because_none
        return (f"It could only be rejected. {because}",) if was_open else ()
    found: list[str] = []
    if before.version is None or not before.version.accepts:
        found.append("It could be taken on: an agreement was in force on the day of its receipt.")
    elif before.version.title != version.title or before.version.number != version.number:
        found.append(f"It would be tested against version {version.number}, “{version.title}”.")
    if after.held and not before.held:
        found.append(f"It would be held. {version.because}")
    elif before.held and not after.held:
        found.append("It would not be held any more.")
    return (*found, *_narrowed(before.agreement, after.agreement, chosen))


def _held(version: Version | None, received: date) -> bool:
    return version is not None and version.accepts and version.is_suspended(received)


def _narrowed(before: Agreement, after: Agreement, chosen: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    ground = before.ground(str(chosen.get("ground.ground") or ""))
    if ground is not None and after.ground(ground.id) is None:
        found.append(f"Its ground would not be one any more: {ground.label}.")
    picked = chosen.get("release.items")
    allowed = {one.id for one in after.items if one.releasable}
    given = [one for one in before.items if one.releasable and isinstance(picked, list) and one.id in picked]
    found += [f"It could not be given any more: {one.label}." for one in given if one.id not in allowed]
    old = {one.id: (one.leads, one.tests) for one in before.criteria}
    new = [one.short for one in after.criteria if old.get(one.id) != (one.leads, one.tests)]
    if new:
        found.append(f"To be answered anew: {'; '.join(new)}.")
    if _counted(before.clock) != _counted(after.clock):
        found.append("Its clock would be another one.")
    return tuple(found)


def _counted(clock: ClockRule) -> ClockRule:
    """A clock without its words and sources: what its dates come from."""
    extension = clock.extension
    if extension is not None:
        reasons = tuple(msgspec.structs.replace(one, label="", words="", source="") for one in extension.reasons)
        extension = msgspec.structs.replace(extension, reasons=reasons, source="")
    return msgspec.structs.replace(clock, basis="", source="", extension=extension)


def differs_before(before: Agreement, after: Agreement, until: date) -> date | None:
    """A day before `until` on which the two do not agree which version is in force, or whether it takes requests."""
    days = {until.fromordinal(until.toordinal() - 1)}
    for one in (before, after):
        for version in one.versions:
            days |= {on for on in (version.in_force_from, version.suspended_from) if on is not None and on < until}

    def seen(agreement: Agreement, on: date) -> tuple[object, ...]:
        version = agreement.version_on(on)
        return (version.number, version.accepts, version.is_suspended(on)) if version else ()

    return next((on for on in sorted(days) if seen(before, on) != seen(after, on)), None)


def counts_otherwise(before: Agreement, after: Agreement, until: date) -> str:
    """What a new text edits of how requests are counted before `until`, in a sentence; "" for nothing: a table of those
    days comes out as it was.
    """
    was, now = before.statistics, after.statistics
    if was.table != now.table:
        return f"It counts in another table, “{now.table}”, and figures of past years would leave “{was.table}”."
    # The rules that count days before `until`, each with its first day.
    first, second = (
        [one.mark, *((rule.counts_from, rule.mark) for rule in one.later if rule.counts_from < until)]
        for one in (was, now)
    )
    if first == second:
        return ""
    return (
        "It counts requests of past days in other rows or columns. Leave those as they are, and add the new ones with"
        " their first day, as [[statistics.later]]."
    )


def _first_rule_of_its_own(before: Agreement, after: Agreement) -> date:
    """The first day that may be counted by a rule that the text before has not: that of the first rule added."""
    known = {one.counts_from for one in before.statistics.later}
    return min((one.counts_from for one in after.statistics.later if one.counts_from not in known), default=date.max)


def superseding(before: Agreement, after: Agreement) -> str:
    """What a file that has the id of a shipped agreement would need to take its place, in sentences."""
    known = f"“{before.id}” is an agreement that ships"
    if after.text == before.text:
        return f"{known}, and this file says the same."
    first = differs_before(before, after, date.max)
    from_day = f"from {day(first)} or an earlier day on" if first else "from the day that you choose"
    if counted := counts_otherwise(before, after, _first_rule_of_its_own(before, after)):
        return f"{known}, and this file cannot be a new text of it. {counted}"
    return (
        f"{known}: this file would be a new text of it. A guardian supersedes it {from_day}, in Administration, "
        "Agreements. Do not put it into the folder of your own agreements: the desk would not open."
    )


def standing(agreement: Agreement, on: date) -> str:
    """How an agreement stands on a day, such as "In force since 1 February 2023" or "Suspended since 9 May 2018"."""
    version = agreement.version_on(on)
    if version is None:
        first, last = agreement.versions[0], agreement.versions[-1]
        if on < first.in_force_from:
            return f"In force from {day(first.in_force_from)}"
        return f"Ended on {day(last.in_force_to)}" if last.in_force_to else "Not in force"
    if not version.accepts:
        return f"Withdrawn since {day(version.in_force_from)}"
    if version.is_suspended(on) and version.suspended_from is not None:
        return f"Suspended since {day(version.suspended_from)}"
    return f"In force since {day(version.in_force_from)}"
