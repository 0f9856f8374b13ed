"""The Reports page lets no figure out beside what was published, by no key and on no path."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget
from sqlalchemy import text

from db.records import Role
from desktop.casework import publication
from desktop.casework.reporting import Form, Made, Printed
from desktop.policy.disclosurecontrol import NHS
from desktop.ui.reports.part import ReportPart
from tests.fixtures import Office
from tests.store.test_publication import asked
from tests.ui.page_window import CTRL, make_page, press_in, words_of
from tests.ui.reports_window import Reports, goes_to, grid, reports

__all__ = ["make_page", "reports"]


@pytest.mark.parametrize("key", [Qt.Key.Key_C, Qt.Key.Key_Insert])
def test_a_figure_is_not_copied_to_the_clipboard(reports: Reports, key: Qt.Key) -> None:
    goes_to(grid(reports), "Received", "Police")
    QGuiApplication.clipboard().setText("as it was")
    reports.press(key, CTRL)
    assert QGuiApplication.clipboard().text() == "as it was"


@pytest.mark.parametrize("printed", [False, True])
@pytest.mark.parametrize("which", ["today", "oversight", "publication"])
def test_each_part_is_held_beside_what_was_published(
    reports: Reports, office: Office, tmp_path: Path, which: str, printed: bool
) -> None:
    yesterday = office.entry.today() - timedelta(days=1)
    wanted = asked(date(yesterday.year, 1, 1), yesterday, control=NHS)
    publication.publish(office.desk(Role.RECORDS_OFFICER), wanted, Made(tmp_path / "one.csv", Form.CSV))
    reports.view.show_part(which)
    reports.settle()
    part: ReportPart = getattr(reports.view, which)
    taken: list[bytes] = []
    way = Printed(taken.append) if printed else Made(tmp_path / "two.csv", Form.CSV)
    said: list[str] = []

    def read(dialog: QWidget) -> None:
        said.append(words_of(dialog))
        press_in(dialog, "close")

    reports.in_dialog(read, lambda: part.save(way, "Saving…", "Saved"))
    assert "published in another way" in said[0]
    assert "“Tracing requests” of" in said[0]
    assert not taken
    assert not (tmp_path / "two.csv").exists()


@pytest.mark.parametrize("button", ["main", "print"])
@pytest.mark.parametrize("which", ["today", "oversight", "publication"])
def test_what_it_means_for_its_days_is_said_before_a_report_leaves(
    reports: Reports, office: Office, which: str, button: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_arguments: object) -> None:
        raise AssertionError("it was not agreed to")

    monkeypatch.setattr("desktop.ui.reports.part.choose_printer", never)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", never)
    reports.view.show_part(which)
    reports.settle()
    said: list[str] = []

    def cancel(dialog: QWidget) -> None:
        said.append(words_of(dialog))
        press_in(dialog, "cancel")

    part: ReportPart = getattr(reports.view, which)
    reports.in_dialog(cancel, (part.main if button == "main" else part.paper).click)
    assert "these days cannot be published with small figures kept back any more" in said[0]
    reports.settle()
    with office.entry.store.read() as tx:
        assert not tx.execute(text("SELECT * FROM publication")).all()
