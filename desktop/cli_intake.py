"""The command ``intake``: a file of requests becomes drafts, or a report of what is wrong with it."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop.casework.desk import Desk


_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was told."""

    file: Path
    agreement_id: str
    dry_run: bool
    received: date | None
    send_back: Path | None
    sheet: str
    heading_row: int


def arguments(intake: ArgumentParser) -> None:
    """What the command takes."""
    intake.add_argument("file", type=Path, metavar="FILE")
    intake.add_argument("--agreement", required=True, metavar="ID")
    intake.add_argument("--dry-run", action="store_true", help="only say what is wrong with each row")
    intake.add_argument("--received", metavar="DATE", help="the day of receipt of rows that do not say it")
    intake.add_argument("--send-back", type=Path, metavar="FILE", help="write the rows that are wrong to this CSV file")
    intake.add_argument("--sheet", default="", metavar="NAME", help="of a workbook; else the first that is a table")
    intake.add_argument("--heading-row", type=int, default=0, metavar="N", help="the row that has the headings")


def run_intake(desk: Desk, asked: Asked) -> tuple[dict[str, Any], bool]:
    """What was found and done, as JSON has it, and whether every row is in. Raises Refused, NotATable or OSError."""
    from desktop.casework.desk import Refused
    from desktop.casework.intake import columns_for, import_batch, look_through, save_rows_to_send_back
    from desktop.policy.tables import MOST_BYTES, read_table

    with asked.file.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    table = read_table(content, asked.sheet, asked.heading_row)
    columns = columns_for(desk, asked.agreement_id, table)
    batch = look_through(desk, asked.agreement_id, content, table, columns, received=asked.received)
    if batch.imported_before:
        raise Refused(batch.imported_before)
    references: tuple[str, ...] = ()
    if batch.good and not asked.dry_run:
        references = import_batch(desk, batch).references
    if asked.send_back is not None and batch.wrong:
        save_rows_to_send_back(desk, batch, asked.send_back)
    found = {
        "file": asked.file.name,
        "dry_run": asked.dry_run,
        "rows": len(table.rows),
        "good": len(batch.good),
        "imported": len(references),
        "references": list(references),
        "problems": [
            {"row": one.number, "column": problem.heading, "message": problem.message}
            for one in batch.wrong
            for problem in one.problems
        ],
        "known": [{"row": one.number, "reference": one.reference} for one in batch.known],
        "doubts": [{"rows": list(one.rows), "column": one.heading, "message": one.words} for one in batch.doubts],
        "sheet": table.sheet,
        "heading_row": table.head,
        "sent_back": str(asked.send_back) if asked.send_back is not None and batch.wrong else "",
        "unused_columns": list(batch.unused),
    }
    return found, not batch.wrong and not batch.known


def report(found: dict[str, Any], batch_is_in: bool) -> str:
    """The same for people."""
    lines = []
    if found["unused_columns"]:
        lines.append(f"Columns that were not used: {', '.join(found['unused_columns'])}")
    for one in found["problems"]:
        where = f"row {one['row']}, {one['column']}" if one["column"] else f"row {one['row']}"
        lines.append(f"{found['file']}, {where}: {one['message']}")
    lines += [f"{found['file']}, row {one['row']}: it is {one['reference']} already" for one in found["known"]]
    lines += [f"{found['file']}, {_rows(one['rows'])}, {one['column']}: {one['message']}" for one in found["doubts"]]
    if found["dry_run"]:
        lines.append(f"{found['good']} of {found['rows']} rows would be imported. Nothing was changed.")
    elif found["references"]:
        first, last = found["references"][0], found["references"][-1]
        span = first if first == last else f"{first} to {last}"
        lines.append(f"{found['imported']} of {found['rows']} rows are drafts now: {span}")
    else:
        lines.append(f"None of the {found['rows']} rows was imported.")
    if found["sent_back"]:
        lines.append(f"The rows to send back are in {found['sent_back']}.")
    elif not batch_is_in and found["problems"]:
        lines.append("Write the rows to send back to a file with --send-back FILE.")
    return "\n".join(lines)


def _rows(numbers: list[int]) -> str:
    shown = ", ".join(str(one) for one in numbers[:_SHOWN])
    more = f" and {len(numbers) - _SHOWN:,} more" if len(numbers) > _SHOWN else ""
    return f"row{'s' if len(numbers) > 1 else ''} {shown}{more}"
