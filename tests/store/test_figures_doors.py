"""Every door by which figures leave the desk keeps what a published table keeps back, and is known to the next one.

The command line prints by the same functions: ``tests/journeys/test_cli_report.py``. The clipboard is no door:
``tests/ui/test_reports_doors.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from db import journal
from db.records import Role, State
from desktop.casework import answerfigures, publication
from desktop.casework.desk import Invalid, Refused
from desktop.casework.oversight import save_oversight
from desktop.casework.publication import Asked
from desktop.casework.reporting import Form, Made, Printed
from desktop.casework.today import save_today
from desktop.policy.disclosurecontrol import NHS, NONE, Control
from desktop.policy.publication import Per
from tests.fixtures import Office
from tests.store.disposing import faults, pass_days
from tests.store.test_publication import asked

Way = Made | Printed
Door = Callable[[Office, date, date, Way], object]


def publish(control: Control, per: Per = Per.ALL) -> Door:
    return lambda office, first, last, way: publication.publish(
        office.desk(Role.GUARDIAN), asked(first, last, per, control), way
    )


def board(control: Control) -> Door:
    return lambda office, first, last, way: save_oversight(office.desk(Role.GUARDIAN), first, last, control, way)


def now(role: Role) -> Door:
    return lambda office, _first, _last, way: save_today(office.desk(role), way)


WHAT: dict[str, Door] = {
    "the register": publish(NONE),
    "the register by month": publish(NHS, Per.MONTH),
    "the register with another threshold": publish(Control(10)),
    "oversight": board(NONE),
    "oversight with small figures kept back": board(NHS),
    "today of the whole desk": now(Role.GUARDIAN),
    "today of an auditor": now(Role.AUDITOR),
}
WAYS = [*Form, "print", "stdout"]


def way_of(name: str, folder: Path, taken: list[bytes]) -> Way:
    if name in list(Form):
        return Made(folder / f"figures.{name}", Form(name))
    return Printed(taken.append, Form.PDF if name == "print" else Form.CSV)


@pytest.fixture
def days(office: Office) -> tuple[date, date]:
    """Days that are over, in which a request was answered."""
    office.in_state(State.ISSUED)
    last = office.entry.today()
    pass_days(office, 1)
    return last - timedelta(days=60), last


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", WHAT)
def test_nothing_leaves_beside_a_table_that_keeps_figures_back(
    office: Office, days: tuple[date, date], tmp_path: Path, what: str, way: str
) -> None:
    publish(NHS)(office, *days, Made(tmp_path / "published.csv", Form.CSV))
    with office.entry.store.read() as tx:
        before = len(list(journal.entries(tx, limit=100_000)))
    taken: list[bytes] = []
    with pytest.raises(Refused, match="published in another way"):
        WHAT[what](office, *days, way_of(way, tmp_path, taken))
    assert not taken
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["published.csv"]
    with office.entry.store.read() as tx:
        assert len(list(journal.entries(tx, limit=100_000))) == before
    assert faults(office) == []


@pytest.mark.parametrize("what", WHAT)
def test_what_left_keeps_figures_from_being_kept_back_in_another_way(
    office: Office, days: tuple[date, date], tmp_path: Path, what: str
) -> None:
    taken: list[bytes] = []
    WHAT[what](office, *days, Printed(taken.append, Form.CSV))
    assert len(taken) == 1
    with pytest.raises(Refused, match="published in another way"):
        publish(Control(5))(office, *days, Made(tmp_path / "table.csv", Form.CSV))
    assert faults(office) == []


@pytest.mark.parametrize("control", [NONE, NHS, Control(10)])
def test_an_answer_takes_no_table_beside_one(
    office: Office, days: tuple[date, date], tmp_path: Path, control: Control
) -> None:
    publish(Control(5))(office, *days, Made(tmp_path / "published.csv", Form.CSV))
    with pytest.raises(Invalid, match="published in another way"):
        answerfigures.check_figures(office.caseworker, asked(*days, control=control))
    same = answerfigures.check_figures(office.caseworker, asked(*days, control=Control(5)))
    assert same.control == "below-5"


def spans(first: date, last: date) -> list[tuple[date, date, Per]]:
    """Other ways to ask for some of the same days."""
    day = timedelta(days=1)
    return [
        (first, last, Per.MONTH),
        (first, last, Per.QUARTER),
        (first, last, Per.YEAR),
        (first, last - day, Per.ALL),
        (first - 400 * day, last, Per.YEAR),
        (first - 400 * day, first, Per.ALL),
        (last, last, Per.ALL),
    ]


@pytest.mark.parametrize("number", range(7))
def test_the_same_days_by_other_periods_are_refused_whatever_is_kept_back(
    office: Office, days: tuple[date, date], tmp_path: Path, number: int
) -> None:
    publish(NHS)(office, *days, Made(tmp_path / "published.csv", Form.CSV))
    first, last, per = spans(*days)[number]
    for control in (NONE, NHS, Control(3), Control(100)):
        wanted: Asked = asked(first, last, per, control)
        with pytest.raises(Refused, match="published in another way"):
            publication.publish(office.desk(Role.RECORDS_OFFICER), wanted, Made(tmp_path / "two.csv", Form.CSV))


def test_what_is_open_today_stands_beside_a_table_of_days_long_over(office: Office, tmp_path: Path) -> None:
    office.in_state(State.ISSUED)
    last = office.entry.today()
    pass_days(office, 200)
    publish(NHS)(office, last - timedelta(days=60), last, Made(tmp_path / "table.csv", Form.CSV))
    save_today(office.desk(Role.AUDITOR), Made(tmp_path / "today.csv", Form.CSV))
    assert faults(office) == []


@pytest.mark.parametrize("what", ["the register", "oversight", "today of an auditor"])
def test_what_left_and_is_not_kept_is_found(office: Office, days: tuple[date, date], what: str) -> None:
    WHAT[what](office, *days, Printed(lambda _content: None, Form.JSON))
    assert faults(office) == []
    with office.entry.store.write() as tx:
        guard = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'publication_kept'")).scalar_one()
        tx.execute(text("DROP TRIGGER publication_kept"))
        tx.execute(text("DELETE FROM publication"))
        tx.exec_driver_sql(guard)
    assert faults(office) == ["a table that was published is not kept"]
