"""The rows of cases that are copied from one that was lived through: at another time, under another number."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Date, Table

from db.erasures import ERASED, request_hash
from db.journal import canonical
from db.migrations import whole_schema
from db.times import Moment, moment_text
from desktop.casework.projection import identifiers, indexed
from desktop.casework.repeats import askers
from desktop.policy.clocks import add_months
from desktop.policy.dates import date_boxes
from desktop.policy.people import name_key
from desktop.policy.references import reference
from tests.bench.chained import LETTER, Same
from tests.bench.lives import Entry, Life, Row
from tests.bench.people import person

TABLES = whole_schema().tables
PREFIX = "TR"
"""Every agreement of the lives has it."""


@dataclass(frozen=True, slots=True)
class Copies:
    """So many copies of one life, numbered from ``first``, so many days later (or earlier)."""

    life: Life
    days: int
    first: int
    count: int
    letters_from: int
    """The number of the first one's letter."""
    run: int = 0
    """The run in which they were destroyed; 0 for none."""
    asked: str = ""
    """Of a stub: the body that asked, whose requests are known by their hash alone."""

    def rows(self, key: bytes) -> Iterator[tuple[str, list[Row]]]:
        """What is written, table by table. `key`: of the store's requests."""
        for name, rows in self.life.rows.items():
            table = TABLES[name]
            if name in _OF_A_PERSON and not self.run:
                continue
            yield name, [row for one in rows for row in self._copied(table, one)]
        if self.run:
            hashes = (request_hash(name_key(self.asked), name_key(one), key) for one in self._references())
            yield "meta", [(ERASED + one, "") for one in hashes]
        else:
            yield from self._of_people()

    def cases(self) -> list[str]:
        """The references of the cases themselves."""
        return [reference(PREFIX, self.first + number) for number in range(self.count)]

    def _references(self) -> list[str]:
        return [asked_as(self.first + number) for number in range(self.count)]

    def _copied(self, table: Table, row: Row) -> Iterator[Row]:
        base = shifted(table, row, self.days)
        names = [column.name for column in table.c]
        if "run_id" in names:
            base[names.index("run_id")] = self.run
        stub = table.name == "cases"
        case = 0 if stub else names.index("case_id") if "case_id" in names else None
        letters = [at for at, name in enumerate(names) if name == "letter_id" or (table.name == "letter" and at < 2)]
        if names[0] == "id" and table.name not in ("letter", "cases"):
            base[0] = None
        for number in range(self.count):
            if case is not None:
                base[case] = self.first + number
            if stub:
                base[1] = reference(PREFIX, self.first + number)
            for at in letters:
                base[at] = self.letters_from + number
            yield tuple(base)

    def _of_people(self) -> Iterator[tuple[str, list[Row]]]:
        """What a case holds of the person, and what it is found by."""
        cases, answers, pairs, words = [], [], [], []
        table = TABLES["cases"]
        row = shifted(table, self.life.rows["cases"][0], self.days)
        names = [column.name for column in table.c]
        at = [names.index(one) for one in _PERSONAL]
        received = date_boxes(date.fromisoformat(str(row[names.index("received_on")])))
        kept = [shifted(TABLES["answer"], one, self.days) for one in self.life.rows["answer"]]
        for number in range(self.first, self.first + self.count):
            who = person(number)
            known = {**who.answers(), "requester.reference": asked_as(number), "received.on": received}
            said = {**self.life.answers, **known}
            named = reference(PREFIX, number)
            values = (number, named, asked_as(number), who.family_name, who.given_names, who.born)
            for place, value in zip(at, values, strict=True):
                row[place] = value
            cases.append(tuple(row))
            new = {name: canonical(value) for name, value in known.items()}
            answers += [(number, field, value, *rest) for _id, field, value, *rest in kept if field not in new]
            answers += [(number, field, value, *kept[0][3:]) for field, value in new.items()]
            found = {one for one in (*identifiers(said), *askers(said)) if one[1]}
            pairs += [(None, number, kind, value) for kind, value in sorted(found)]
            words.append((number, *_index(named, said)))
        yield "cases", cases
        yield "answer", answers
        yield "identifier", pairs
        yield "search", words

    def entries(self) -> Iterator[Same]:
        """What the journal says of them, each entry once for all of them."""
        for one in self.life.entries:
            data = one.data
            if self.life.letter is not None:
                data = data.replace(f'"letter":{self.life.letter}', f'"letter":{LETTER}')
            at = later(one.at, self.days)
            data = of_run(data, self.run) if self.run else data
            yield Same(at, one.actor_id, one.action, one.heading, data, self.first, self.count, self.letters_from)


_PERSONAL = ("id", "reference", "requester_reference", "family_name", "given_names", "born")
_OF_A_PERSON = ("cases", "answer")


def _index(named: str, said: Mapping[str, Any]) -> tuple[str, ...]:
    found = indexed(named, said)
    return found.reference, found.names, found.born, found.numbers, found.requester_reference


def asked_as(number: int) -> str:
    """The requester's own reference of a case."""
    return f"NP/{number % 20 + 2006}/{number}"


def shifted(table: Table, row: Row, days: int) -> list[Any]:
    """A row with each of its dates and moments so many days later; a timer is due its months after that."""
    moved: list[Any] = [
        later(value, days) if value is not None and isinstance(column.type, Date | Moment) else value
        for column, value in zip(table.c, row, strict=True)
    ]
    if table.name == "retention":
        started, due, months = (list(table.c).index(table.c[one]) for one in ("started_on", "due_on", "months"))
        moved[due] = add_months(date.fromisoformat(str(moved[started])), int(str(moved[months]))).isoformat()
    return moved


@cache
def later(when: str, days: int) -> str:
    """A stored date or moment so many days later."""
    if "T" in when:
        return moment_text(datetime.fromisoformat(when) + timedelta(days=days))
    return (date.fromisoformat(when) + timedelta(days=days)).isoformat()


def of_run(data: str, run: int) -> str:
    """An entry's data for another run than the first."""
    return data.replace('"run":1', f'"run":{run}').replace('"certificate":1', f'"certificate":{run}')


def run_rows(rows: Mapping[str, tuple[Row, ...]], days: int, run: int, said: str) -> Iterator[tuple[str, list[Row]]]:
    """What a run has beside its cases, with what its certificate says."""
    for name, some in rows.items():
        table = TABLES[name]
        made = []
        for one in some:
            row = shifted(table, one, days)
            row[0] = run
            if name == "destruction_certificate":
                row[1:3] = run, said
            made.append(tuple(row))
        yield name, made


def certificate(first: str, days: int, run: int, cases: Mapping[str, list[str]]) -> str:
    """What the certificate of a run says, as that of the first has it. `cases`: of each case of the first run, the
    references of its copies.
    """
    said = json.loads(first)
    said |= {"certificate": run, "run": run}
    for step in ("proposed", "approved"):
        said[step]["at"] = _moved(said[step]["at"], days)
    said["cases"] = [
        {**{key: _moved(value, days) if key in _WHEN else value for key, value in one.items()}, "reference": named}
        for one in said["cases"]
        for named in cases[one["reference"]]
    ]
    return canonical(said)


_WHEN = ("received_on", "closed_on", "due_on", "at")


def _moved(when: str, days: int) -> str:
    found = datetime.fromisoformat(when) + timedelta(days=days)
    return found.isoformat() if "T" in when else found.date().isoformat()


def run_entries(entries: tuple[Entry, ...], days: int, run: int, cases: list[str], said: str) -> Iterator[Same]:
    """What the journal says of a run of these cases, and of what its certificate says."""
    for one in entries:
        data = json.loads(of_run(one.data, run))
        if "cases" in data:
            data["cases"] = cases
        if "content" in data:
            data["content"] = sha256(said.encode()).hexdigest()
        if "not_before" in data:
            data["not_before"] = later(data["not_before"], days)
        yield Same(later(one.at, days), one.actor_id, one.action, one.heading, canonical(data))
