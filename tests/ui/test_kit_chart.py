"""The chart of a report in a window: its words for those who hear it, its colours and size for those who see."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.policy.reports import Chart
from desktop.ui.kit.chart import ReportChart
from desktop.ui.theme import Theme
from tests.letters.test_charts import near
from tests.ui.waiting import PATIENCE

AGES = Chart(
    "How old the open cases are",
    ("Up to 5 days", "6 to 10 days", "11 to 15 days", "More than 15 working days"),
    (("Tracing", (12, 4, 0, 7)), ("Status", (3, 0, 1, 0))),
    grid=0,
)


@pytest.fixture
def shown(host: QWidget, qtbot: QtBot) -> ReportChart:
    column = QVBoxLayout(host)
    made = ReportChart(AGES)
    column.addWidget(made)
    column.addStretch(1)
    host.resize(900, 700)
    host.show()
    qtbot.waitExposed(host)
    return made


def test_assistive_technology_reads_its_title_and_its_figures(shown: ReportChart) -> None:
    assert shown.accessibleName() == "How old the open cases are"
    assert shown.accessibleDescription().startswith("Up to 5 days: Tracing 12, Status 3; 6 to 10 days: ")
    shown.show_chart(Chart("What is due", ("June",), (("Cases", (2,)),), 0))
    assert (shown.accessibleName(), shown.accessibleDescription()) == ("What is due", "June: 2.")


def test_assistive_technology_knows_it_as_a_picture(shown: ReportChart) -> None:
    told = QAccessible.queryAccessibleInterface(shown)
    assert told.role() == QAccessible.Role.Graphic
    assert told.text(QAccessible.Text.Name) == "How old the open cases are"
    assert told.text(QAccessible.Text.Description).startswith("Up to 5 days: ")
    assert shown.focusPolicy() == Qt.FocusPolicy.NoFocus, "without a table there is nowhere to go from it"


@pytest.mark.parametrize("scheme", ["light", "dark", "high_contrast"])
def test_it_has_the_colours_of_the_theme_and_changes_with_them(
    shown: ReportChart, theme: Theme, scheme: str, qtbot: QtBot
) -> None:
    before = shown.grab().toImage()
    theme.set_scheme("dark" if scheme != "dark" else "light")
    theme.set_scheme(scheme)
    picture = shown.grab().toImage()
    accent = theme.colour("accent")
    assert any(near(picture.pixelColor(x, picture.height() - 30), accent) for x in range(picture.width()))
    assert (picture == before) == (scheme == "light")


@pytest.mark.parametrize("scale", [100, 150, 200])
@pytest.mark.parametrize("width", [300, 500, 900, 1300])
def test_it_is_as_high_as_its_text_needs_at_every_size(
    shown: ReportChart, theme: Theme, host: QWidget, qtbot: QtBot, scale: int, width: int
) -> None:
    theme.set_text_scale(scale)
    host.resize(width * scale // 100, 1600)
    qtbot.waitUntil(lambda: shown.height() == shown.heightForWidth(shown.width()), timeout=PATIENCE)
    assert shown.height() >= 100 * scale // 100
