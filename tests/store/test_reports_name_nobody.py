"""No report that leaves the desk identifies a person, in any form and by any door.

What identifies somebody is everything that destruction would wipe, whatever it stands in, with the references of cases
and requesters and the names of whoever works here or asks.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from sqlalchemy import select, text

from db import journal
from db.migrations import whole_schema
from db.records import Role
from desktop.casework import answerfigures
from desktop.casework.reporting import Form
from desktop.policy.answertables import packed
from desktop.policy.disclosurecontrol import NONE
from tests.fixtures import Office
from tests.letters.reading import text_of
from tests.store.test_figures_doors import WAYS, Door, board, now, publish, way_of
from tests.store.test_publication import asked

REPORTS: dict[str, Door] = {
    "the register": publish(NONE),
    "oversight": board(NONE),
    "today": now(Role.GUARDIAN),
    "today of an auditor": now(Role.AUDITOR),
}
_LEAST = 5
"""Shorter texts stand in every report by chance."""


def strings(value: Any) -> Iterator[str]:
    """Every text in a value, of JSON too."""
    if isinstance(value, str):
        yield value
        if value[:1] in "[{":
            with suppress(ValueError):
                yield from strings(json.loads(value))
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in strings(one))
    elif isinstance(value, list | tuple):
        yield from (text for one in value for text in strings(one))


def secrets(office: Office) -> set[str]:
    """Every text of the store that tells of a person, but what agreements say themselves."""
    found: set[str] = set()
    with office.entry.store.read() as tx:
        for table in whole_schema().tables.values():
            wiped = [one for one in table.columns if one.info.get("disposal") == "wipe"]
            if wiped:
                for row in tx.execute(select(*wiped)):
                    found |= {text for one in row for text in strings(one)}
        found |= set(tx.execute(text("SELECT name FROM user UNION SELECT username FROM user")).scalars())
        found |= set(tx.execute(text("SELECT reference FROM cases")).scalars())
    said = " ".join(one.text for one in office.entry.agreements.all()).casefold()
    return {one.strip() for one in found if len(one.strip()) >= _LEAST and one.strip().casefold() not in said}


def read(content: bytes, way: str) -> str:
    """Everything that a file says, packed or not."""
    if content[:2] == b"PK":
        with ZipFile(io.BytesIO(content)) as file:
            return " ".join(f"{one.filename} {file.read(one).decode('utf-8')}" for one in file.infolist())
    if content[:4] == b"%PDF":
        with pikepdf.open(io.BytesIO(content)) as pdf:
            raw = [one.read_bytes() if isinstance(one, pikepdf.Stream) else one.unparse() for one in pdf.objects]
        return " ".join([text_of(content), *(one.decode("latin-1") for one in raw)])
    assert way in (Form.CSV, Form.JSON, "stdout")
    return content.decode("utf-8-sig")


def words(said: str) -> str:
    return re.sub(r"\s+", " ", said)


def test_what_identifies_people_is_known_here(sample_office: Office) -> None:
    known = secrets(sample_office)
    assert len(known) > 500
    with sample_office.entry.store.read() as tx:
        names = set(tx.execute(text("SELECT family_name FROM cases WHERE family_name <> ''")).scalars())
    assert {one for one in names if len(one) >= _LEAST} <= known


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", REPORTS)
def test_no_report_names_anybody(sample_office: Office, tmp_path: Path, what: str, way: str) -> None:
    known = secrets(sample_office)
    last = sample_office.entry.today() - timedelta(days=1)
    taken: list[bytes] = []
    REPORTS[what](sample_office, last - timedelta(days=4000), last, way_of(way, tmp_path, taken))
    (content,) = taken or [one.read_bytes() for one in tmp_path.glob("figures.*")]
    said = words(read(content, way))
    assert len(said) > 500
    assert [one for one in known if words(one) in said] == []
    with sample_office.entry.store.read() as tx:
        entry = max(journal.entries(tx, limit=100_000), key=lambda one: one.seq)
    assert [one for one in known if one in json.dumps(dict(entry.data), ensure_ascii=False)] == []


def test_no_table_of_an_answer_names_anybody(sample_office: Office) -> None:
    known = secrets(sample_office)
    last = sample_office.entry.today() - timedelta(days=1)
    table = answerfigures.check_figures(sample_office.caseworker, asked(last - timedelta(days=4000), last))
    assert [one for one in known if one in packed(table)] == []
