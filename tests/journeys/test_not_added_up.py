"""A table that does not add up leaves the desk by no door, and each says which cases are at fault."""

from __future__ import annotations

import re
from datetime import timedelta
from os import urandom
from pathlib import Path

import pytest
from sqlalchemy import text

from db.records import Role
from db.store import Store, open_store
from desktop.casework import answerfigures, publication
from desktop.casework.desk import Invalid, Refused
from desktop.casework.oversight import save_oversight
from desktop.casework.reporting import Form, Made, Printed
from desktop.casework.sample import sample_password
from desktop.casework.setup import now
from desktop.cli import run
from desktop.policy.disclosurecontrol import NHS, NONE
from desktop.policy.publication import Per
from desktop.policy.wording import london
from desktop.security.keys import PassphraseHome
from tests.fixtures import Office
from tests.store.test_publication import asked, trigger_texts

CORRUPTED = {
    "closed before it was received": "UPDATE cases SET received_on = date(closed_on, '+3 days')",
    "received after it was closed": "UPDATE cases SET closed_on = date(received_on, '-3 days')",
    "answered without a day of receipt": "UPDATE cases SET received_on = NULL",
    "answered without an outcome": "UPDATE cases SET outcome = NULL",
}
ANSWERED = (
    "SELECT id, reference FROM cases WHERE agreement_id = 'law-enforcement-tracing' AND state = 'issued'"
    " AND received_on IS NOT NULL ORDER BY id LIMIT 1"
)


def corrupt(store: Store, how: str) -> str:
    """Makes one answered case count nowhere, by SQL; its reference."""
    with store.write() as tx:
        case_id, reference = tx.execute(text(ANSWERED)).one()
        for name, _words in trigger_texts(tx):
            tx.execute(text(f"DROP TRIGGER {name}"))
        tx.execute(text(f"{CORRUPTED[how]}, version = version + 1 WHERE id = :id"), {"id": case_id})
    return str(reference)


@pytest.mark.parametrize("how", CORRUPTED)
def test_every_function_refuses_and_names_the_case(sample_office: Office, tmp_path: Path, how: str) -> None:
    reference = corrupt(sample_office.entry.store, how)
    last = sample_office.entry.today() - timedelta(days=1)
    first = last - timedelta(days=4000)
    guardian, taken = sample_office.desk(Role.GUARDIAN), list[bytes]()
    said = re.escape(reference)
    for control in (NONE, NHS):
        for per in Per:
            wanted = asked(first, last, per, control)
            for way in (
                Made(tmp_path / "table.csv", Form.CSV),
                Printed(taken.append),
                Printed(taken.append, Form.JSON),
            ):
                with pytest.raises(Refused, match=f"does not add up.*{said}"):
                    publication.publish(guardian, wanted, way)
            with pytest.raises(Invalid, match=f"does not add up.*{said}"):
                answerfigures.check_figures(sample_office.caseworker, wanted)
        with pytest.raises(Refused, match=f"does not add up.*{said}"):
            save_oversight(guardian, first, last, control, Printed(taken.append))
    assert not taken
    assert not list(tmp_path.glob("table.*"))
    other = asked(first, last, table="Status checks")
    assert publication.publication(guardian, other).faults == ()


@pytest.fixture
def corrupted(sample_copy: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], str]:
    """`--data-dir` of a sample store in which a case counts nowhere, its guardian signed in, and the case."""
    monkeypatch.setenv("TRACING_DESK_USER", "helen.marsh")
    store = open_store(sample_copy, PassphraseHome(sample_copy, urandom).get(sample_password()))
    reference = corrupt(store, "closed before it was received")
    store.close()
    return ["--data-dir", str(sample_copy), "report"], reference


@pytest.mark.parametrize("what", ["publication", "oversight"])
@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_command_line_prints_and_writes_nothing_and_names_the_case(
    corrupted: tuple[list[str], str], tmp_path: Path, what: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command, reference = corrupted
    days = ["--from", "2016-01-01", "--to", str(london(now()).date() - timedelta(days=1)), "--format", form]
    for out in ([], ["--out", str(tmp_path / f"table.{form}")]):
        assert run([*command, what, *days, *out]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert "does not add up" in said.err
        assert reference in said.err
    assert not list(tmp_path.glob("table.*"))
