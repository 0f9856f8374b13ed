"""The journal as those see it who check it: by what was done, by whom, when and to which case, people by pseudonyms."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from db import journal, lists, people
from db.journal import JournalFilter
from db.records import Heading, Json, Role, User
from db.records_log import JournalEntry
from db.store import Tx
from desktop.casework.consulting import CONCERN, NOT_OWN
from desktop.casework.deedwords import Origin, as_it_was, entry_words
from desktop.casework.desk import Desk, need_role
from desktop.casework.pseudonyms import ensure_key, pseudonyms
from desktop.policy.reasons import reason_words
from desktop.policy.wording import LONDON, clock_time, day, london
from desktop.security.certificates import groups

READERS = (Role.AUDITOR, Role.ADMINISTRATOR)
_BINDS = re.compile("[0-9a-f]{64,}")
"""A keyed commitment, a hash or a signature: for machines. The hash of an anchor is compared with one on paper."""
_ACCOUNTS = frozenset({"user", "with", "asked_by", "confirmed_by"})
"""What holds the number of an account."""
_RESTRICTED = {CONCERN: "a safeguarding concern stands", NOT_OWN: "not their own case"}


@dataclass(frozen=True, slots=True)
class JournalAsked:
    """What of the journal is wanted; what is None or empty admits every entry. Both days are London's, and counted."""

    heading: Heading | None = None
    actor_id: int | None = None
    action: str = ""
    first: date | None = None
    last: date | None = None
    reference: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class JournalLine:
    """An entry, with what an auditor needs beside it. One that was carried over a restore stands as what it was."""

    entry: JournalEntry
    said: str
    """What was done, in words."""
    person: str
    """Whom its case is about, by a pseudonym; "" where it is about no case or nobody who is known."""
    why: str
    """The reason of a consultation, in words."""
    restricted: str
    """Why a consultation stands out, in words; "" for any other entry."""
    details: str
    """What else the entry says that can be read: numbers, dates, references; never what binds a value."""
    carried: str = ""
    """Where an entry that a restore carried over stood before, in words."""


MOST = 10_000
"""Entries that a filter finds at most: who needs others asks for less."""


@dataclass(frozen=True, slots=True)
class JournalChoices:
    """What the filters offer."""

    people: tuple[User, ...]
    actions: tuple[str, ...]


def journal_choices(desk: Desk) -> JournalChoices:
    """Who did anything, and what was done, for the filters."""
    need_role(desk, *READERS)
    with desk.store.read() as tx:
        return JournalChoices(people.users(tx), journal.actions(tx))


def journal_numbers(desk: Desk, asked: JournalAsked) -> Sequence[int]:
    """The numbers of the entries that are wanted, the newest first; where that narrows, the newest ``MOST`` alone."""
    need_role(desk, *READERS)
    with desk.store.read() as tx:
        wanted = _filter(tx, asked)
        return () if wanted is None else journal.numbers(tx, wanted, MOST)


def _filter(tx: Tx, asked: JournalAsked) -> JournalFilter | None:
    """The filter as the store knows it; None where nothing can be found: there is no such case."""
    reference = asked.reference.strip().upper()
    case_id = lists.id_of(tx, reference) if reference else None
    if reference and case_id is None:
        return None
    return JournalFilter(
        heading=asked.heading,
        actor_id=asked.actor_id,
        action=asked.action,
        since=_midnight(asked.first) if asked.first else None,
        until=_midnight(asked.last + timedelta(days=1)) if asked.last else None,
        case_id=case_id,
        restricted=asked.restricted,
    )


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, LONDON)


def journal_lines(desk: Desk, seqs: Collection[int]) -> tuple[JournalLine, ...]:
    """These entries, the newest first."""
    need_role(desk, *READERS)
    ensure_key(desk)
    with desk.store.read() as tx:
        found = journal.with_numbers(tx, seqs)
        persons = pseudonyms(tx, {one.case_id for one in found if one.case_id is not None})
        names = {one.id: one.name for one in people.users(tx)}
    return tuple(_line(one, persons.get(one.case_id or 0, ""), names) for one in found)


def _line(stored: JournalEntry, person: str, names: Mapping[int, str]) -> JournalLine:
    entry, origin = as_it_was(stored)
    # The numbers of accounts in an entry of another store are that store's.
    names = {} if entry is not stored else names
    why, marks = entry.data.get("why"), entry.data.get("restricted")
    known = [_RESTRICTED[str(one)] for one in marks if str(one) in _RESTRICTED] if isinstance(marks, list) else []
    looked = entry.heading is Heading.CONSULTATION
    told = {"why", "restricted"} if looked else set()
    details = _details({key: value for key, value in entry.data.items() if key not in told}, names)
    anchored = entry.data.get("hash") if entry.action == "anchor" else None
    if isinstance(anchored, str):
        details = [*details, f"SHA-256 of that entry: {groups(anchored)}"]
    return JournalLine(
        entry=entry,
        said=entry_words(entry.action, entry.data),
        person=person,
        why=reason_words(why) if looked and isinstance(why, str) else "",
        restricted=" and ".join(known) if looked else "",
        details="; ".join(details),
        carried=_where(origin),
    )


def _where(origin: Origin | None) -> str:
    """Where an entry stood first, in words; "" for one of this store."""
    if origin is None:
        return ""
    at = london(origin.at)
    which = "an entry that could not be read" if origin.seq is None else f"entry {origin.seq}"
    return f"{which} of the store that a restore replaced, {day(at.date())} at {clock_time(at)}"


def _details(data: Mapping[str, Json], names: Mapping[int, str]) -> list[str]:
    found = []
    for key, value in data.items():
        listed = value if isinstance(value, list) else [value]
        texts = [_words(one) for one in listed if isinstance(one, str | int)]
        if key in _ACCOUNTS:
            texts = [names.get(one, f"account {one}") for one in listed if isinstance(one, int)]
        if told := [one for one in texts if one and not _BINDS.fullmatch(one)]:
            found.append(f"{key.replace('_', ' ')}: {', '.join(told)}")
    return found


def _words(value: str | int) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
