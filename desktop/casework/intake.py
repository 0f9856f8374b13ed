"""Requests that come many at a time: looked through first, then imported whole or not at all, and never twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from db import casefile, intake
from db.journal import Canonical, append_each, canonical, commitment_to_text, digest
from db.records import Action, Answers, Heading, Json, State
from db.records_requesters import Body
from db.store import Tx
from desktop.casework.copies import Room, write_copy
from desktop.casework.desk import Desk, Refused, changing
from desktop.casework.destroyedrequests import destroyed_before
from desktop.casework.numbering import next_references
from desktop.casework.projection import identifiers, indexed, project
from desktop.casework.repeats import askers
from desktop.casework.requesters import doubts, known_bodies
from desktop.casework.requests import new_row
from desktop.policy.agreements import Agreement
from desktop.policy.answers import text_of
from desktop.policy.dates import parse_date
from desktop.policy.intake import (
    CellProblem,
    ReadRow,
    Target,
    guessed_columns,
    month_first,
    read_row,
    send_back,
    targets,
)
from desktop.policy.life import step
from desktop.policy.people import WHO_IS_MEANT, name_key, somebody_else
from desktop.policy.tables import Table, write_csv
from desktop.policy.wording import plural, when

_SLICE = 2_500
_GONE = "A request under this reference was here, and was destroyed when its time was over. Ask for a new request."
WHO_ASKS = "Who asks"
"""In the place of a heading, where it is the record that raises a doubt."""
Progress = Callable[[int, int], bool]
"""Told how many rows of how many are done; False stops, and nothing is imported."""


class Stopped(Refused):
    """Somebody cancelled: nothing was imported."""


@dataclass(frozen=True, slots=True)
class Known:
    """A row that is a case already: by its requester's own reference, about the same person as far as both say."""

    number: int
    reference: str
    """The case's reference, or "row 12" for an earlier row of the same file."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is worth a look in good rows, beside the heading of its column. It keeps none of them out."""

    heading: str
    words: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A file as the desk read it, before anything is imported."""

    agreement_id: str
    sha256: str
    table: Table
    columns: tuple[Target | None, ...]
    good: tuple[ReadRow, ...]
    ready: tuple[intake.NewCase, ...]
    """The good rows as they are written, in the same order."""
    wrong: tuple[ReadRow, ...]
    known: tuple[Known, ...]
    doubts: tuple[Doubt, ...]
    imported_before: str
    """Why the file is not imported again, in words; "" for a new one."""

    @property
    def unused(self) -> tuple[str, ...]:
        """The headings of columns that fill nothing."""
        headings = zip(self.table.headings, self.columns, strict=True)
        return tuple(heading for heading, target in headings if target is None)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made."""

    references: tuple[str, ...]
    held: int
    """How many of them are held, because the agreement was suspended when they were received."""


def columns_for(desk: Desk, agreement_id: str, table: Table) -> tuple[Target | None, ...]:
    """What each column fills: as in the last file with these headings, else by the headings themselves."""
    agreement = desk.agreements.get(agreement_id)
    with desk.store.read() as tx:
        remembered = intake.columns_of(tx, agreement_id, _layout(table))
    if remembered is None or len(remembered) != len(table.headings):
        return guessed_columns(agreement, table.headings)
    by_key = {(one.key, one.part): one for one in targets(agreement)}
    return tuple(by_key.get(one) if one is not None else None for one in remembered)


def look_through(
    desk: Desk,
    agreement_id: str,
    content: bytes,
    table: Table,
    columns: Sequence[Target | None],
    *,
    received: date | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Reads every row of a file, and says what is wrong with each; changes nothing. Raises Refused or Stopped.

    `received` is the day of receipt of rows that do not say it.
    """
    _need_caseworker(desk)
    agreement, today = desk.agreements.get(agreement_id), desk.today()
    read: list[ReadRow] = []
    unsure = month_first(columns, table, agreement)
    for row in table.rows:
        _go_on(progress, len(read), len(table.rows))
        read.append(read_row(agreement, columns, table.headings, row, today, received, unsure))
    # Another sheet of a workbook is another list: it is told from the one that is taken by itself.
    part = b"" if table.guessed_sheet else b"\0" + table.sheet.encode()
    sha256 = hashlib.sha256(content + part).hexdigest()
    good = [one for one in read if not one.problems]
    with desk.store.read() as tx:
        before = intake.batch_of(tx, agreement_id, len(table.rows), sha256)
        known, others = _known(tx, good)
        gone = destroyed_before(tx, desk, _keys(good))
        bodies = known_bodies(tx)
    numbers = {one.number for one in known} | others.keys() | gone
    wrong = [one for one in read if one.problems]
    wrong += [_other_person(columns, table, one, others[one.number]) for one in good if one.number in others]
    wrong += [_kept_out(columns, table, one, _GONE) for one in good if one.number in gone - others.keys()]
    good = [one for one in good if one.number not in numbers]
    return Batch(
        agreement_id=agreement_id,
        sha256=sha256,
        table=table,
        columns=tuple(columns),
        good=tuple(good),
        ready=tuple(_ready(desk, agreement, one) for one in good),
        wrong=tuple(sorted(wrong, key=lambda one: one.number)),
        known=known,
        doubts=_doubts(agreement, bodies, good, today),
        imported_before=_before(desk, before),
    )


def import_batch(desk: Desk, batch: Batch, progress: Progress | None = None) -> Imported:
    """Makes a draft of every good row, in one transaction. Raises Refused or Stopped; then there is no draft."""
    _need_caseworker(desk)
    agreement = desk.agreements.get(batch.agreement_id)
    if not batch.good:
        raise Refused("There is no row to import.")
    with changing(desk) as tx:
        now = desk.clock()
        if before := _before(desk, intake.batch_of(tx, agreement.id, len(batch.table.rows), batch.sha256)):
            raise Refused(before)
        # Rows that repeat one another were found when it was looked through.
        if intake.same_references(tx, _asked(batch.good)) and any(_known(tx, batch.good)):
            raise Refused("A row of this file has become a case meanwhile. Look through the file again.")
        if destroyed_before(tx, desk, _keys(batch.good)):
            raise Refused("A case of a row of this file was destroyed meanwhile. Look through the file again.")
        number = intake.add_batch(tx, _batch_values(desk, batch, now) | {"first_case": intake.next_case(tx)})
        casefile.keep_agreement(tx, agreement.content_hash, agreement.id, agreement.text)
        names: list[str] = []
        for start in range(0, len(batch.ready), _SLICE):
            _go_on(progress, start, len(batch.ready))
            new = batch.ready[start : start + _SLICE]
            some = next_references(tx, agreement.prefix, len(new), desk.store.key)
            ids = intake.add_cases(tx, new, some, desk.user.id, now)
            append_each(
                tx,
                [
                    (case_id, Canonical(f'{{"batch":{number},"bound":{one.bound}}}'))
                    for case_id, one in zip(ids, new, strict=True)
                ],
                at=now,
                actor_id=desk.user.id,
                action="register",
                heading=Heading.COLLECTION,
            )
            names += some
        _go_on(progress, len(batch.good), len(batch.good))
    return Imported(tuple(names), sum(one.row["state"] == State.HELD.value for one in batch.ready))


def save_rows_to_send_back(desk: Desk, batch: Batch, out: Path, *, replace: bool = False) -> int:
    """Writes the rows not imported as CSV, each with what is wrong (see ``write_copy``); returns how many they are."""
    headings, rows = send_back(batch.table, batch.wrong)

    def give(room: Room) -> bytes:
        content = write_csv(headings, rows)
        room(len(content))
        with changing(desk) as tx:
            data: dict[str, Json] = {"rows": len(rows)}
            append_each(
                tx,
                [(None, data)],
                at=desk.clock(),
                actor_id=desk.user.id,
                action="send_back_rows",
                heading=Heading.DISCLOSURE,
            )
        return content

    write_copy(out, give, replace=replace)
    return len(rows)


def _need_caseworker(desk: Desk) -> None:
    if isinstance(step(desk.user.role, State.DRAFT, Action.EDIT), str):
        raise Refused("Only a caseworker may import requests.")


def _go_on(progress: Progress | None, done: int, of: int) -> None:
    if progress is not None and (done % _SLICE == 0 or done == of) and not progress(done, of):
        raise Stopped("You cancelled the import. Nothing was imported.")


def _before(desk: Desk, before: intake.Imported | None) -> str:
    if before is None:
        return ""
    drafts = plural(before.imported, "draft")
    return f"This file was imported before, {when(before.at, desk.clock())}, by {before.by}: {drafts}."


def _known(tx: Tx, rows: Sequence[ReadRow]) -> tuple[tuple[Known, ...], dict[int, str]]:
    """The rows whose requester and reference another case has, or an earlier row of the same file.

    With them, by its number, each row that has such a reference and is about somebody else: what it shares it with.
    """
    plain = lru_cache(maxsize=1000)(name_key)
    keys = _keys(rows)
    there: dict[tuple[str, str], list[str]] = {}
    for their, body, ours in intake.same_references(tx, _asked(rows)):
        there.setdefault((plain(body), their), []).append(ours)
    wanted = set(keys.values()) & there.keys()
    persons = intake.about(tx, {ours for key in wanted for ours in there[key]}, WHO_IS_MEANT)
    seen: dict[tuple[str, str], ReadRow] = {}
    found, others = [], {}
    for one in rows:
        key = keys[one.number]
        before: list[tuple[str, Answers]] = [(ours, persons.get(ours, {})) for ours in there.get(key, ())]
        if not before and key in seen:
            before = [(f"row {seen[key].number}", seen[key].answers)]
        same = [name for name, answers in before if not somebody_else(one.answers, answers)]
        if not key[1] or not before:
            seen.setdefault(key, one)
        elif same:
            found.append(Known(one.number, same[-1]))
        else:
            others[one.number] = before[-1][0]
    return tuple(found), others


def _other_person(columns: Sequence[Target | None], table: Table, row: ReadRow, shared_with: str) -> ReadRow:
    """A row that is kept out because its requester gave the reference of another person's request to it."""
    told = f"Another person under a reference that {shared_with} has. Ask the requester which reference each has."
    return _kept_out(columns, table, row, told)


def _kept_out(columns: Sequence[Target | None], table: Table, row: ReadRow, told: str) -> ReadRow:
    """A row that is not imported because of its requester's reference."""
    headings = zip(table.headings, columns, strict=True)
    heading = next((one for one, target in headings if target and target.key == "requester.reference"), "")
    return replace(row, problems=(CellProblem(heading, told),))


def _doubts(
    agreement: Agreement, bodies: Mapping[str, Body], rows: Sequence[ReadRow], today: date
) -> tuple[Doubt, ...]:
    found: dict[tuple[str, str], list[int]] = {}
    for one in rows:
        on = parse_date(one.answers.get("received.on")) or today
        said = [(each.heading, each.message) for each in one.doubts]
        said += [(WHO_ASKS, each.words) for each in doubts(agreement, bodies, one.answers, on)]
        for each in dict.fromkeys(said):
            found.setdefault(each, []).append(one.number)
    return tuple(Doubt(*said, tuple(numbers)) for said, numbers in found.items())


def _asked(rows: Sequence[ReadRow]) -> set[str]:
    """The keys of the requesters' own references, each once."""
    return {_reference(one) for one in rows} - {""}


def _keys(rows: Sequence[ReadRow]) -> dict[int, tuple[str, str]]:
    """Who asked in each row, by its number, and their own reference, as they are compared."""
    plain = lru_cache(maxsize=1000)(name_key)
    return {one.number: (plain(text_of(one.answers.get("requester.body"))), _reference(one)) for one in rows}


def _reference(row: ReadRow) -> str:
    return intake.reference_key(text_of(row.answers.get("requester.reference")))


def _layout(table: Table) -> str:
    return digest(list(table.headings))


def _batch_values(desk: Desk, batch: Batch, now: datetime) -> dict[str, object]:
    columns = [[one.key, one.part] if one is not None else None for one in batch.columns]
    return {
        "agreement_id": batch.agreement_id,
        "sha256": intake.bound_hash((one.row["salt"] for one in batch.ready), batch.sha256),
        "rows": len(batch.table.rows),
        "imported": len(batch.good),
        "layout": _layout(batch.table),
        "columns": json.dumps(columns),
        "imported_by": desk.user.id,
        "imported_at": now,
    }


def _ready(desk: Desk, agreement: Agreement, one: ReadRow) -> intake.NewCase:
    """A row as it is written: all but its reference, and by whom and when."""
    row = project(agreement, one.answers, desk.calendars, ())
    state = State.HELD if row.suspended else State.DRAFT
    found = indexed("", one.answers)
    salt = desk.random(32)
    # In the order in which the store keeps them, which is the quickest to write.
    texts = {key: canonical(value) for key, value in sorted(one.answers.items())}
    values = new_row(desk, agreement, "", state, desk.clock()) | row.values() | {"salt": salt}
    return intake.NewCase(
        row=values,
        answers=texts,
        identifiers=identifiers(one.answers) + askers(one.answers),
        words=(found.names, found.born, found.numbers, found.requester_reference),
        bound=canonical({key: commitment_to_text(salt, key, text) for key, text in texts.items()}),
    )
