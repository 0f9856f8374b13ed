"""The publication register reconciles, whatever happened, before and after destruction."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from db import figures
from db.errors import RuleKept
from db.records import Role, State
from desktop.casework import publication, requests, restoring
from desktop.casework.desk import Desk, Refused
from desktop.casework.oversight import save_oversight
from desktop.casework.publication import Asked
from desktop.casework.reporting import Form, Made
from desktop.policy.disclosurecontrol import NHS, NONE, Control
from desktop.policy.publication import Per, Place
from tests.fixtures import Office, on, signed_in
from tests.store.backing import backed_up
from tests.store.disposing import destroyed, faults, pass_days

TRACING = "Tracing requests"


def asked(first: date, last: date, per: Per = Per.ALL, control: Control = NONE, table: str = TRACING) -> Asked:
    return Asked(table=table, first=first, last=last, per=per, control=control)


def figure(desk: Desk, wanted: Asked, line: str, column: str, period: int = 0) -> int:
    """A figure, which the cases behind it are as many as."""
    made = publication.publication(desk, wanted)
    assert made.faults == ()
    sheet = made.counted[period]
    count = sheet.figures[line][sheet.columns.index(column)]
    assert len(publication.behind(desk, wanted, Place(period, line, column))) == count
    return count


def test_a_request_counts_from_its_receipt_to_its_answer(office: Office) -> None:
    office.in_state(State.ISSUED)
    office.in_state(State.SUBMITTED)
    requests.withdraw(office.caseworker, requests.WithReasons(**on(office.register()), reasons="Taken back."))
    today = office.entry.today()
    wanted = asked(date(today.year - 1, 1, 1), today)
    for line, count in {
        "received": 3, "brought": 0, "todo": 3, "row:Approved – Trace": 1, "processed": 1, "row:Withdrawn": 1,
        "carried": 1, "pending": 1, "held": 0, "accounted": 3, "row:Rejected": 0,
    }.items():  # fmt: skip
        assert figure(office.caseworker, wanted, line, "Police") == count, line
        assert figure(office.caseworker, wanted, line, "Total") == count, line


def test_it_is_said_where_every_figure_is_kept_back(office: Office) -> None:
    office.in_state(State.ISSUED)
    today = office.entry.today()
    year = (date(today.year - 1, 1, 1), today)
    said = (
        f"In “{publication.publication(office.caseworker, asked(*year)).counted[-1].title}” every figure but 0 is kept"
        " back: each is small, or could tell one that is. A table of more days may show some."
    )
    assert said in publication.publication(office.caseworker, asked(*year, control=Control(3))).report.notes
    assert said not in publication.publication(office.caseworker, asked(*year)).report.notes
    monthly = publication.publication(office.caseworker, asked(*year, Per.MONTH, NHS)).report
    assert any(note.startswith(("In “", "In 2 of the")) for note in monthly.notes)
    for _ in range(9):
        office.in_state(State.ISSUED)
    shown = publication.publication(office.caseworker, asked(*year, control=Control(3))).report
    assert not [note for note in shown.notes if note.startswith("In “")]


def test_what_is_carried_forward_is_brought_forward(office: Office) -> None:
    office.in_state(State.SUBMITTED)
    today = office.entry.today()
    pass_days(office, 62)
    wanted = asked(today, office.entry.today(), Per.MONTH)
    made = publication.publication(office.caseworker, wanted)
    *months, every = made.counted
    assert made.faults == ()
    assert every.title.startswith(months[0].title.split()[0]) or "to" in every.title
    for before, after in pairwise(months):
        assert before.figures["carried"] == after.figures["brought"]


def test_a_destroyed_case_counts_as_it_did(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    first = date(office.entry.today().year - 1, 1, 1)
    pass_days(office, 3 * 366)
    wanted = asked(first, office.entry.today(), Per.YEAR)
    before = publication.publication(office.caseworker, wanted).counted
    destroyed(office, done)
    assert publication.publication(office.caseworker, wanted).counted == before


def test_a_table_that_does_not_add_up_names_the_cases_and_is_not_published(office: Office, tmp_path: Path) -> None:
    done = office.in_state(State.ISSUED)
    today = office.entry.today()
    with office.entry.store.write() as tx:
        for name, _ in trigger_texts(tx):
            tx.execute(text(f"DROP TRIGGER {name}"))
        tx.execute(text("UPDATE cases SET received_on = :day"), {"day": str(date(today.year + 1, 1, 1))})
    wanted = asked(date(today.year - 1, 1, 1), date(today.year + 1, 12, 31))
    made = publication.publication(office.caseworker, wanted)
    assert any("TR-000001-7" in one for one in made.faults)
    out = tmp_path / "table.csv"
    with pytest.raises(Refused, match="does not add up"):
        publication.publish(office.desk(Role.RECORDS_OFFICER), wanted, Made(out, Form.CSV))
    assert not out.exists()
    assert done.case_id


def trigger_texts(tx: object) -> list[tuple[str, str]]:
    found = tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'cases'"))  # type: ignore[attr-defined]
    return [tuple(row) for row in found]


def test_what_was_held_counts_as_held_until_it_was_withdrawn(office: Office) -> None:
    done = office.in_state(State.HELD)
    pass_days(office, 40)
    first, last = date(2018, 1, 1), office.entry.today()
    column = "Home Office (under review)"
    assert figure(office.caseworker, asked(first, last), "held", column) == 1
    pass_days(office, 40)
    requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons="Taken back."))
    assert figure(office.caseworker, asked(first, last), "held", column) == 1
    assert figure(office.caseworker, asked(first, office.entry.today()), "held", column) == 0


def test_what_was_withdrawn_before_its_day_of_receipt_was_known_bars_no_publication(office: Office) -> None:
    draft = office.save(office.register(), received__on=None)
    requests.withdraw(office.caseworker, requests.WithReasons(**on(draft), reasons="Taken back."))
    today = office.entry.today()
    assert figure(office.caseworker, asked(date(today.year - 1, 1, 1), today), "todo", "Total") == 0


def test_a_table_is_published_once_and_says_so(office: Office, tmp_path: Path) -> None:
    office.in_state(State.ISSUED)
    today = office.entry.today()
    pass_days(office, 1)
    officer = office.desk(Role.RECORDS_OFFICER)
    wanted = asked(date(today.year, 1, 1), today, control=NHS)
    publication.publish(officer, wanted, Made(tmp_path / "one.json", Form.JSON))
    said = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert {row["figures"]["Police"] for row in said["tables"][0]["rows"]} == {0, "*"}
    # The same again is the same.
    publication.publish(officer, wanted, Made(tmp_path / "two.csv", Form.CSV))
    for other in (
        asked(date(today.year, 1, 1), today),
        asked(date(today.year, 1, 1), today, Per.MONTH, NHS),
        asked(date(today.year, 2, 1), today, control=NHS),
        asked(date(today.year, 1, 1), today, control=Control(10)),
    ):
        with pytest.raises(Refused, match="published in another way"):
            publication.publish(officer, other, Made(tmp_path / "three.csv", Form.CSV))
    assert not (tmp_path / "three.csv").exists()
    with pytest.raises(Refused, match="publishes a table"):
        publication.publish(office.caseworker, wanted, Made(tmp_path / "four.csv", Form.CSV))


def test_what_is_said_of_the_rows_is_said_once_and_what_is_one_agreements_own_after_it(office: Office) -> None:
    made = publication.publication(office.desk(Role.GUARDIAN), asked(date(2016, 1, 1), date(2026, 3, 31)))
    notes = made.report.notes
    (shared,) = [at for at, note in enumerate(notes) if "is published where the procedure was not followed" in note]
    (own,) = [at for at, note in enumerate(notes) if "that of January 2020" in note]
    assert notes[own].startswith("Home Office tracing: The title of the column is that of January 2020")
    assert shared < own
    assert len(set(notes)) == len(notes)


def test_no_report_is_written_into_the_folder_of_the_store(office: Office, tmp_path: Path) -> None:
    store = office.entry.store.path
    (store.parent / "agreements").mkdir()
    link = tmp_path / "link"
    link.symlink_to(store.parent)
    guardian, before = office.desk(Role.GUARDIAN), store.stat().st_ino
    wanted = asked(date(2026, 1, 1), date(2026, 3, 31))
    for out in (store, store.parent / "table.csv", store.parent / "agreements" / "table.csv", link / store.name):
        with pytest.raises(Refused, match="its store in this folder"):
            publication.publish(guardian, wanted, Made(out, Form.CSV, replace=True))
    assert store.stat().st_ino == before
    assert not list(store.parent.rglob("*.csv"))
    publication.publish(guardian, wanted, Made(tmp_path / "table.csv", Form.CSV))


def test_the_same_table_with_other_figures_is_not_published_again(office: Office, tmp_path: Path) -> None:
    """Somebody who has both would know what came between."""
    today = office.entry.today()
    pass_days(office, 1)
    officer = office.desk(Role.RECORDS_OFFICER)
    wanted = asked(date(today.year, 1, 1), today, control=NHS)
    publication.publish(officer, wanted, Made(tmp_path / "one.csv", Form.CSV))
    done = office.register(received=today)
    requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons="Taken back."))
    with office.entry.store.write() as tx:
        tx.execute(text("DROP TRIGGER cases_closed"))
        tx.execute(text("UPDATE cases SET closed_on = :day, version = version + 1"), {"day": str(today)})
    with pytest.raises(Refused, match="with other figures"):
        publication.publish(officer, wanted, Made(tmp_path / "two.csv", Form.CSV))


def test_days_that_are_not_over_keep_nothing_back_and_those_to_come_are_not_published(
    office: Office, tmp_path: Path
) -> None:
    today = office.entry.today()
    officer = office.desk(Role.RECORDS_OFFICER)
    out = Made(tmp_path / "one.csv", Form.CSV)
    with pytest.raises(Refused, match="not over"):
        publication.publish(officer, asked(date(today.year, 1, 1), today, control=NHS), out)
    with pytest.raises(Refused, match="still to come"):
        publication.publish(officer, asked(today, date(today.year + 1, 1, 1)), out)


def test_another_name_of_the_table_tells_of_the_same_requests(office: Office, tmp_path: Path) -> None:
    today = office.entry.today()
    pass_days(office, 1)
    officer = office.desk(Role.RECORDS_OFFICER)
    wanted = asked(date(today.year, 1, 1), today, control=NHS)
    publication.publish(officer, wanted, Made(tmp_path / "one.csv", Form.CSV))
    with office.entry.store.read() as tx:
        told = publication.told(officer, tx, wanted, ())
    other = replace(told, title="Tracing requests, police", control="none", agreements=("law-enforcement-tracing",))
    with pytest.raises(RuleKept, match="published in another way"), office.entry.store.write() as tx:
        figures.add_publication(tx, other, officer.user.id, officer.clock())
    with office.entry.store.write() as tx:
        figures.add_publication(tx, replace(other, agreements=("foi",)), officer.user.id, officer.clock())


def test_what_was_published_stays_known_over_a_restore(office: Office, tmp_path: Path) -> None:
    office.in_state(State.ISSUED)
    path = backed_up(office, tmp_path / "backups")
    today = office.entry.today()
    pass_days(office, 1)
    wanted = asked(date(today.year, 1, 1), today, control=NHS)
    publication.publish(office.desk(Role.RECORDS_OFFICER), wanted, Made(tmp_path / "one.csv", Form.CSV))
    restoring.restore_unattended(office.entry, path)
    officer = signed_in(office.entry).desk(Role.RECORDS_OFFICER)
    with pytest.raises(Refused, match="published in another way"):
        publication.publish(officer, asked(date(today.year, 1, 1), today), Made(tmp_path / "two.csv", Form.CSV))
    assert faults(office) == []


def test_a_publication_that_is_gone_or_that_nobody_made_is_found(office: Office, tmp_path: Path) -> None:
    today = office.entry.today()
    publication.publish(office.desk(Role.GUARDIAN), asked(today, today), Made(tmp_path / "one.csv", Form.CSV))
    assert faults(office) == []
    with office.entry.store.write() as tx:
        sql = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'publication_kept'")).scalar_one()
        tx.execute(text("DROP TRIGGER publication_kept"))
        tx.execute(text("DELETE FROM publication"))
        tx.exec_driver_sql(sql)
    assert faults(office) == ["a table that was published is not kept"]
    with office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO publication (title, first, last, per, control, agreements, figures, published_by,"
                " published_at) SELECT 'x', '1900-01-01', '2200-01-01', 'all', 'nhs', '[]', 'x', 1, at FROM journal"
                " ORDER BY seq LIMIT 1"
            )
        )
    assert faults(office) == ["a publication is not in the journal"]


def test_oversight_beside_a_publication_tells_nothing_more(office: Office, tmp_path: Path) -> None:
    today = office.entry.today()
    pass_days(office, 1)
    guardian = office.desk(Role.GUARDIAN)
    publication.publish(guardian, asked(today, today, control=NHS), Made(tmp_path / "one.csv", Form.CSV))
    for control in (NONE, NHS):
        with pytest.raises(Refused, match="published in another way"):
            save_oversight(guardian, today, today, control, Made(tmp_path / "two.csv", Form.CSV))
    later = office.entry.today()
    save_oversight(guardian, later, later, NONE, Made(tmp_path / "two.csv", Form.CSV))
