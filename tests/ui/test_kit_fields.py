"""Every field: the shape of its value, what it tells, and how it is faulted and fixed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.records import Json
from desktop.ui.kit.address import AddressField
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import ChoiceField, LineField, TextField
from desktop.ui.kit.names import NamesField
from desktop.ui.kit.sources import SourcesField
from desktop.ui.kit.ticks import Choice, MultiTick, RadioGroup, TickField
from tests.ui.keyboard import focused

OPTIONS = (("pl", "Polish"), ("gb", "British"))
MAKERS: dict[str, Callable[[], Field]] = {
    "line": lambda: LineField("person.family_name", "Family name", note="if known"),
    "text": lambda: TextField("necessity.statement", "Why it is necessary", hint="In the requester’s words"),
    "choice": lambda: ChoiceField("person.nationality", "Nationality", OPTIONS),
    "date": lambda: DateField("received.on", "Received"),
    "partial": lambda: DateField("person.born", "Date of birth", partial=True),
    "tick": lambda: TickField("urgency.expedite", "Expedite it"),
    "ticks": lambda: MultiTick("asked.items", "Items asked for", (("name", "Name"), ("born", "Date of birth"))),
    "radio": lambda: RadioGroup("received.channel", "Channel", (Choice("mail", "Secure mail"), Choice("post", "Post"))),
    "names": lambda: NamesField("person.other_names", "Other names"),
    "address": lambda: AddressField("person.address", "Last known address"),
    "sources": lambda: SourcesField("tried.sources", "Sources tried"),
}
VALUES: dict[str, Json] = {
    "line": "Kowalczyk <b>& Co",
    "text": "First line\nSecond line",
    "choice": "gb",
    "date": {"day": "31", "month": "6", "year": "2017"},
    "partial": {"day": "", "month": "3", "year": "1979", "unknown": True},
    "tick": True,
    "ticks": ["name", "born"],
    "radio": "post",
    "names": [{"name": "Tom Hale", "kind": "alias"}, {"name": "Tomas Kowalczyk", "kind": "spelling"}],
    "address": {"lines": "Flat 3\n18 Tanners Row", "postcode": "NB2 6QX"},
    "sources": [{"source": "Electoral roll", "on": "4 May 2017", "result": "Nothing"}],
}


@pytest.fixture
def show(host: QWidget) -> Callable[[Field], Field]:
    """Puts a field into an open window."""

    def put(field: Field) -> Field:
        column = QVBoxLayout(host)
        column.addWidget(field)
        column.addStretch(1)
        field.show()
        QApplication.processEvents()
        return field

    return put


@pytest.mark.parametrize("kind", MAKERS)
def test_a_value_comes_back_as_it_was_set_and_fires_nothing(kind: str, show: Callable[[Field], Field]) -> None:
    field = show(MAKERS[kind]())
    fired: list[object] = []
    field.edited.connect(lambda *args: fired.append(args))
    field.set_value(VALUES[kind])
    assert field.value() == VALUES[kind]
    field.set_value(VALUES[kind])
    assert field.value() == VALUES[kind]
    assert fired == []


@pytest.mark.parametrize("kind", MAKERS)
def test_every_control_has_a_name_for_tests_and_one_to_be_spoken(kind: str, show: Callable[[Field], Field]) -> None:
    field = show(MAKERS[kind]())
    field.set_value(VALUES[kind])
    names = [control.objectName() for control in field.controls()]
    assert all(names)
    assert len(set(names)) == len(names)
    assert all(control.accessibleName() for control in field.controls())


@pytest.mark.parametrize("kind", MAKERS)
def test_a_problem_is_said_marked_spoken_and_taken_away(kind: str, show: Callable[[Field], Field]) -> None:
    field = show(MAKERS[kind]())
    field.set_value(VALUES[kind])
    field.show_problem("Check this.")
    assert field.message.words() == "Check this."
    assert field.message.kind == "error"
    wrong = field.wrong_controls("Check this.")
    assert all(control.property("problem") is True for control in wrong)
    assert all(control.accessibleDescription().endswith("Check this.") for control in wrong)
    field.focus()
    assert focused() is wrong[0]
    field.show_problem("Is that so?", hard=False)
    assert field.message.kind == "warning"
    assert not any(control.property("problem") for control in field.controls())
    field.clear_problem()
    assert field.message.words() == ""
    assert field.message.isHidden()


@pytest.mark.parametrize("kind", MAKERS)
def test_a_fixed_field_shows_its_answer_and_says_why(kind: str, show: Callable[[Field], Field]) -> None:
    field = show(MAKERS[kind]())
    field.set_value(VALUES[kind])
    field.set_read_only("The case is with the reviewer.")
    assert not any(control.isVisible() for control in field.controls())
    fixed = field.findChild(QWidget, f"{field.objectName()}_fixed")
    assert fixed is not None
    assert fixed.isVisible()
    assert fixed.accessibleDescription() == "The case is with the reviewer."
    assert field.words() in fixed.accessibleName()
    field.set_read_only("")
    assert all(control.isVisible() for control in field.controls())
    assert fixed.isHidden()


def test_a_keystroke_is_told_with_the_whole_value(show: Callable[[Field], Field], qtbot: QtBot) -> None:
    field = show(MAKERS["line"]())
    told: list[tuple[str, object]] = []
    field.edited.connect(lambda key, value: told.append((key, value)))
    field.focus()
    QTest.keyClicks(focused(), "Ng")
    assert told == [("person.family_name", "N"), ("person.family_name", "Ng")]


def test_a_date_is_left_only_when_all_its_boxes_are(show: Callable[[Field], Field]) -> None:
    field = show(MAKERS["date"]())
    assert isinstance(field, DateField)
    left: list[str] = []
    field.left.connect(left.append)
    field.focus()
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert left == []
    field.boxes["year"].setFocus()
    field.boxes["year"].clearFocus()
    assert left == ["received.on"]
    beside = LineField("beside", "Beside")
    beside.setParent(field.window())
    beside.show()
    field.boxes["year"].setFocus()
    beside.edit.setFocus()
    assert left == ["received.on", "received.on"]


def test_each_box_of_a_date_can_be_wrong_alone(show: Callable[[Field], Field]) -> None:
    field = show(MAKERS["partial"]())
    assert isinstance(field, DateField)
    field.show_problem("June has 30 days. Check the day with the requester.")
    assert [part for part, box in field.boxes.items() if box.property("problem")] == ["day"]
    field.show_parts_problem("That is not a year.", "month", "year")
    assert [part for part, box in field.boxes.items() if box.property("problem")] == ["month", "year"]


def test_names_are_added_and_removed_by_keys(show: Callable[[Field], Field]) -> None:
    field = show(MAKERS["names"]())
    assert isinstance(field, NamesField)
    told: list[object] = []
    field.edited.connect(lambda _key, value: told.append(value))
    field.focus()
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    QTest.keyClicks(focused(), "Tom Hale")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert field.value() == [{"name": "Tom Hale", "kind": "former"}]
    assert focused() is field.add
    field.controls()[0].setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Delete)
    assert field.value() == []
    assert told == [[{"name": "Tom Hale", "kind": "former"}], []]
    assert focused() is field.add


def test_sources_are_added_and_removed(show: Callable[[Field], Field]) -> None:
    field = show(MAKERS["sources"]())
    assert isinstance(field, SourcesField)
    field.set_value(VALUES["sources"])
    field.add.click()
    QTest.keyClicks(focused(), "Last employer")
    assert field.value() == [*VALUES["sources"], {"source": "Last employer", "on": "", "result": ""}]  # type: ignore[misc]
    first = field.findChild(QWidget, "tried_sources_1_remove")
    assert first is not None
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert field.value() == [{"source": "Last employer", "on": "", "result": ""}]


def test_an_answer_that_is_no_longer_offered_is_kept(show: Callable[[Field], Field]) -> None:
    field = show(MAKERS["choice"]())
    field.set_value("yu")
    assert field.value() == "yu"


def test_what_may_not_be_ticked_says_why_and_cannot_be(show: Callable[[Field], Field]) -> None:
    field = show(MultiTick("release.items", "Items", OPTIONS, off={"gb": "Version 2 does not list it."}))
    assert isinstance(field, MultiTick)
    QTest.mouseClick(field.ticks["gb"], Qt.MouseButton.LeftButton)
    assert field.value() == []
    field.show_problem("Choose one.")
    field.clear_problem()
    assert field.ticks["gb"].accessibleDescription() == "Version 2 does not list it."


def test_a_radio_row_that_is_off_is_found_but_not_chosen(show: Callable[[Field], Field]) -> None:
    choices = (Choice("approve", "Approve", "Alt+P", "Criterion 4 is not met."), Choice("refuse", "Refuse", "Alt+R"))
    field = show(RadioGroup("decision", "Your decision", choices))
    assert isinstance(field, RadioGroup)
    chosen: list[str] = []
    field.chosen.connect(chosen.append)
    field.choose("approve")
    assert field.value() == ""
    assert "Criterion 4" in field.rows["approve"].accessibleDescription()
    field.choose("refuse")
    assert field.value() == "refuse"
    field.set_off("approve", "")
    field.choose("approve")
    assert chosen == ["refuse", "approve"]


def test_the_summary_takes_the_focus_and_jumps(host: QWidget) -> None:
    summary = ErrorSummary(host)
    jumped: list[str] = []
    summary.jumped.connect(jumped.append)
    summary.show_problems([("person.born", "Date of birth", "June has 30 days"), ("x", "NHS number", "check it")])
    assert focused() is summary
    assert summary.accessibleName().startswith("There are 2 problems.")
    QTest.keyClick(summary, Qt.Key.Key_Tab)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert jumped == ["person.born"]
    summary.show_problems([])
    assert summary.isHidden()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
