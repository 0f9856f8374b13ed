"""A table of the Reports page becomes a file, once, by those who may; and what others published is checked."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from sqlalchemy import text

from db import journal
from db.records import Role, State
from desktop.casework.publication import PUBLISHING
from desktop.casework.reporting import Form, Made
from desktop.policy.dates import date_boxes
from desktop.ui.kit.notices import Banner
from desktop.ui.reports.view import ReportsPage
from tests.fixtures import Office
from tests.store.test_publication import trigger_texts
from tests.ui.page_window import CTRL, Make, close, make_page, press_in, words_of
from tests.ui.reports_window import Reports, ask, goes_to, grid, part, reports, spoken

__all__ = ["make_page", "reports"]

Key = Qt.Key


def test_a_table_is_published_to_a_file_and_the_journal_says_so(
    reports: Reports, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(_owner: QWidget, _title: str, name: str, kinds: str) -> tuple[str, str]:
        asked.extend((name, kinds))
        return str(tmp_path / "out"), "JSON (*.json)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    said: list[str] = []

    def agree(dialog: QWidget) -> None:
        said.append(words_of(dialog))
        press_in(dialog, "yes")

    toasts = QSignalSpy(reports.session.toasted)
    goes_to(grid(reports), "Received", "Police")
    reports.in_dialog(agree, lambda: reports.press(Key.Key_Return, CTRL))
    reports.until(toasts.count)
    assert toasts.at(0)[0] == "Published as out.json"
    today = office.entry.today()
    assert asked[0] == f"tracing-requests-{today.year}-01-01-to-{today.isoformat()}.csv"
    assert "journal keeps who published it" in said[0]
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["title"] == "Tracing requests"
    with office.entry.store.read() as tx:
        assert "publish" in [entry.action for entry in journal.entries(tx, limit=1000)]


def test_the_same_days_are_not_published_in_another_way(reports: Reports, office: Office, tmp_path: Path) -> None:
    yesterday = office.entry.today() - timedelta(days=1)
    part(reports).save(Made(tmp_path / "all.csv", Form.CSV), "Publishing…", "Published")
    reports.settle()
    ask(reports, date(yesterday.year, 1, 1), yesterday, control="nhs")
    said: list[str] = []

    def read(dialog: QWidget) -> None:
        said.append(words_of(dialog))
        press_in(dialog, "close")

    reports.in_dialog(
        read, lambda: part(reports).save(Made(tmp_path / "some.csv", Form.CSV), "Publishing…", "Published")
    )
    assert "published in another way" in said[0]
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".csv"] == ["all.csv"]


def test_a_file_that_cannot_be_written_is_told(reports: Reports, tmp_path: Path) -> None:
    out = Made(tmp_path / "nowhere" / "table.csv", Form.CSV)
    reports.in_dialog(close, lambda: part(reports).save(out, "Publishing…", "Published"))
    with reports.office.entry.store.read() as tx:
        assert "publish" not in [entry.action for entry in journal.entries(tx, limit=1000)]


def test_a_published_table_is_checked(reports: Reports, tmp_path: Path) -> None:
    names = ("good.csv", "wrong.csv", "none.txt", "read.csv", "kept.csv")
    good, wrong, none, part_read, kept_back = (tmp_path / name for name in names)
    good.write_text("Row,One,Two,Total\nA,1,2,3\nB,1,1,2\nTotal,2,3,5\n", encoding="utf-8")
    wrong.write_text("Row,One,Two,Total\nA,1,2,4\nB,1,1,2\nTotal,2,3,5\n", encoding="utf-8")
    none.write_text("nothing", encoding="utf-8")
    part_read.write_text("Row,One,Two,Total\nA,#,2,4\n", encoding="utf-8")
    kept_back.write_text("Row,One,Two\nA,1,2\nTotal,–,–\n", encoding="utf-8")
    said: list[str] = []

    def read(dialog: QWidget) -> None:
        said.append(f"{dialog.accessibleName()} {words_of(dialog)}")
        press_in(dialog, "close")

    for path in (good, wrong, none, tmp_path / "gone.csv", part_read, kept_back):
        reports.in_dialog(read, lambda path=path: part(reports).check_file(path))  # type: ignore[misc]
    assert said[0].startswith("The table adds up")
    assert "of the table" in said[1]
    assert "Row 2, A, Total: 4, but the other columns make 3." in said[1]
    assert "cannot be checked" in said[2]
    assert "cannot be read" in said[3]
    assert said[4].startswith("There is no total that could be checked")
    assert "Row 2, A, One (“#”)" in said[4]
    assert said[5].startswith("There is no total that could be checked ")
    assert "Sums with a figure that is kept back cannot be checked." in said[5]


def test_what_was_changed_is_counted_before_it_is_published(reports: Reports) -> None:
    shown = part(reports)
    assert shown.main.off_reason == ""
    shown.asking.fields["first"].focus()
    box = QApplication.focusWidget()
    assert box is not None
    box.selectAll()  # type: ignore[attr-defined]
    reports.type("2")
    assert "count again" in shown.main.off_reason
    reports.press(Key.Key_Return)
    assert shown.main.off_reason == ""


def test_days_that_are_not_over_are_published_with_small_figures_alone(reports: Reports) -> None:
    """The reason is said before somebody chooses a file."""
    shown = part(reports)
    shown.asking.fields["control"].set_value("nhs")
    shown.asking.button.click()
    reports.settle()
    assert "These days are not over" in shown.main.off_reason
    yesterday = reports.session.desk.today() - timedelta(days=1)
    shown.asking.fields["last"].set_value(date_boxes(yesterday))
    shown.asking.fields["last"].emit_edited()
    shown.asking.button.click()
    reports.settle()
    assert shown.main.off_reason == ""


def test_a_table_that_does_not_add_up_names_its_cases_and_is_not_published(office: Office, make_page: Make) -> None:
    office.in_state(State.ISSUED)
    with office.entry.store.write() as tx:
        for name, _words in trigger_texts(tx):
            tx.execute(text(f"DROP TRIGGER {name}"))
        tx.execute(text("UPDATE cases SET received_on = '2027-01-01'"))
    reports = make_page(ReportsPage, office, Role.GUARDIAN)
    banner = part(reports).findChild(Banner)
    assert banner is not None
    assert "TR-000001-7" in banner.sentence.text()
    assert "does not add up" in part(reports).main.off_reason
    reports.view.show_part("oversight")
    reports.settle()
    overseen = reports.view.oversight
    banner = overseen.findChild(Banner)
    assert banner is not None
    assert "TR-000001-7" in banner.sentence.text()
    for button in (overseen.main, overseen.paper):
        assert button.off_reason == "The report does not add up. What is wrong is said above it."


@pytest.mark.parametrize("role", list(Role))
def test_every_role_counts_and_who_may_not_publish_sees_why(office: Office, make_page: Make, role: Role) -> None:
    office.in_state(State.ISSUED)
    reports = make_page(ReportsPage, office, role)
    shown = part(reports)
    goes_to(grid(reports), "Received", "Police")
    assert spoken(grid(reports)) == "Police, Received: 1"
    assert bool(shown.main.off_reason) is (role not in PUBLISHING)
    if shown.main.off_reason:
        assert "publishes a table" in shown.main.accessibleDescription()
