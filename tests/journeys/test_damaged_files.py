"""Three hundred damaged tables through the whole import: the store holds what the desk said of each, and no more."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from desktop.casework.desk import Refused
from desktop.casework.intake import columns_for, import_batch, look_through
from desktop.casework.verifying import verify_store
from desktop.policy.tables import NotATable, read_table
from tests.fixtures import Office
from tests.journeys.test_intake import BAD, HEAD, POLICE, count, file_of, good
from tests.unit.mutants import mutants

_SHEET = "xl/worksheets/sheet1.xml"


def quoted(content: bytes) -> bytes:
    return b"\n".join(b'"' + line.replace(b",", b'","') + b'"' for line in content.splitlines())


def workbook(rows: list[str]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row.split(","))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def damaged_workbook(whole: bytes, seed: int) -> bytes:
    """A workbook that opens as a package, with damage in the sheet itself."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(whole)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, mutants([data.replace(b"><", b">\n<")], 10, seed)[seed % 10] if name == _SHEET else data)
    return out.getvalue()


def taken_in(office: Office, content: bytes) -> str:
    """What became of a file; the store is held against what the desk said of it."""
    desk, before = office.caseworker, count(office)
    try:
        table = read_table(content)
    except NotATable as error:
        return f"refused: {error}"
    batch = look_through(desk, POLICE, content, table, columns_for(desk, POLICE, table))
    numbers = [one.number for one in (*batch.good, *batch.wrong)] + [one.number for one in batch.known]
    assert sorted(numbers) == [row.number for row in table.rows]
    assert all(problem.message for one in batch.wrong for problem in one.problems)
    try:
        made = import_batch(desk, batch)
    except Refused as error:
        after = count(office)
        return "not imported" if after == before else f"{error}, but there are {after - before}"
    assert len(set(made.references)) == len(batch.good) == count(office) - before
    return "imported"


@pytest.mark.parametrize("seed", range(3))
def test_the_store_holds_what_was_said_of_each_damaged_table(office: Office, seed: int) -> None:
    # Each file has references of its own, so that it is not left out as one that was imported before.
    rows = [[*good(6, start=100 * number), BAD] for number in range(1, 61)]
    files = mutants([quoted(file_of(*some)) for some in rows], 60, seed)
    files += [
        damaged_workbook(workbook([HEAD, *good(6, start=100 * number)]), 100 * seed + number)
        for number in range(61, 101)
    ]
    became = [taken_in(office, content) for content in files]
    refused = [one for one in became if one.startswith("refused: ")]
    assert all(one.endswith(".") and len(one) > 25 for one in refused)
    assert len(refused) > 15
    assert became.count("imported") > 15
    assert len(refused) + became.count("imported") + became.count("not imported") == len(files)
    checked = verify_store(office.entry).checks
    assert not [fault for name, faults in checked for fault in faults if name != "Files"]
