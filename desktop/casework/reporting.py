"""Reports that leave the store as files: each journalled before its first byte is written, and none names a person."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from db import figures
from db.figures import Told
from db.journal import append
from db.records import Heading, Json, Role
from db.store import Tx
from desktop.casework.copies import Room, write_copy
from desktop.casework.desk import Desk, Refused, changing
from desktop.casework.keptfolders import one_name
from desktop.casework.published import check_told, keep_told
from desktop.policy.agreements import Agreement, decode
from desktop.policy.reports import Report, as_csv, as_json, as_workbook


class Form(StrEnum):
    """The kinds of file, by the end of their names."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    PDF = "pdf"


def written_as(form: Form, report: Report, meanwhile: Callable[[], None] = lambda: None) -> bytes:
    """The report in a form. `meanwhile` is called again and again, and stops it by raising."""
    if form is Form.CSV:
        return as_csv(report)
    if form is Form.JSON:
        return as_json(report)
    if form is Form.XLSX:
        return as_workbook(report, meanwhile)
    # ReportLab takes a while to import.
    from desktop.letters.reportpages import report_pdf

    return report_pdf(report, meanwhile)


OVERSEEING = frozenset({Role.GUARDIAN, Role.RECORDS_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR})
"""Who takes the oversight report and the desk today out of the store. What left it keeps other tables of its days back:
nobody does so for themselves alone.
"""
NOT_OVERSEEING: Final = "The guardian, records officers, administrators and auditors save and print these figures."
NEVER_RECEIVED: Final = "What was withdrawn before its day of receipt was written down stands in no figure of requests."


@dataclass(frozen=True, slots=True)
class Made:
    """Where a report goes, in which form; ``replace`` for somebody who was asked whether a file may give way."""

    out: Path
    form: Form
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """A report that becomes no file: ``take`` gets its pages for a printer, or its text for the command line. Where it
    raises, nothing is journalled.
    """

    take: Callable[[bytes], None]
    form: Form = Form.PDF


def check_overseeing(desk: Desk) -> None:
    """Raises Refused for a role that does not take these figures out of the store."""
    if desk.user.role not in OVERSEEING:
        raise Refused(NOT_OVERSEEING)


def known_agreements(desk: Desk, tx: Tx) -> dict[str, Agreement]:
    """The desk's agreements, and those of which it has cases alone, as they were pinned last."""
    known = {one.id: one for one in desk.agreements.all()}
    for gone in sorted(figures.counted_agreements(tx) - known.keys()):
        known[gone] = decode(figures.text_of(tx, gone), gone, kept=True)
    return known


def keep_report(
    desk: Desk,
    made: Made | Printed,
    report: Callable[[Tx], tuple[Report, Told]],
    *,
    action: str,
    data: Mapping[str, Json],
) -> None:
    """Makes the report as the store stands in one moment; then journals it with the hash of its bytes, keeps what it
    tells in the same transaction, and writes it to a private file or hands it to what takes it.

    Raises Refused where the report or ``check_told`` does, where the file's name ends as another form's does or where
    it would stand in the store's own folder; OSError where the file cannot be written, and what the printer raises.
    Then nothing is journalled.
    """
    if isinstance(made, Made):
        _check_place(desk, made)

    def give(room: Room) -> bytes:
        with desk.store.read() as tx:
            found, told = report(tx)
            check_told(desk, tx, told)
        content = written_as(made.form, found, desk.store.still_wanted)
        room(len(content))
        form = "print" if isinstance(made, Printed) and made.form is Form.PDF else made.form.value
        said = {**data, "form": form, "sha256": hashlib.sha256(content).hexdigest()}
        with changing(desk) as tx:
            # Another may have left the desk while this one was written.
            check_told(desk, tx, told)
            keep_told(desk, tx, told)
            append(tx, at=desk.clock(), actor_id=desk.user.id, action=action, heading=Heading.DISCLOSURE, data=said)
            desk.store.still_wanted()
            if isinstance(made, Printed):
                made.take(content)
        return content

    if isinstance(made, Printed):
        give(lambda _size: None)
    else:
        write_copy(made.out, give, replace=made.replace)


def _check_place(desk: Desk, made: Made) -> None:
    if one_name(made.out.parent).is_relative_to(one_name(desk.store.path.parent)):
        raise Refused("The desk keeps its store in this folder: choose another folder for the report.")
    ending = made.out.suffix.removeprefix(".").lower()
    if ending != made.form.value and ending in list(Form):
        raise Refused(
            f"A file whose name ends in .{ending} does not hold {made.form.value.upper()}: give it a name that ends in"
            f" .{made.form.value}, or choose the other form."
        )
