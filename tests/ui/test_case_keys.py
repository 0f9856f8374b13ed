"""A whole request by the keyboard alone: from nothing to submitted, and the outcome after that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from db.records import Answers, Json, State
from desktop.casework.sample import complete_answers
from desktop.policy.agreements import Agreement, Field
from desktop.ui.case.new import NewRequest
from desktop.ui.kit.base import slug
from tests.ui.case_window import ALT, CTRL, Window, focused, make_window, open_dialog, window

__all__ = ["make_window", "window"]

RECEIVED = date(2026, 6, 1)


def fill_field(window: Window, field: Field, value: Json) -> None:
    """Types one answer, reaching its controls by Tab."""
    name = slug(field.key)
    if field.key.startswith("safeguarding.") and field.kind == "choice":
        window.tab_to(f"{name}_yes")
        for _ in range([one.id for one in field.options].index(str(value))):
            window.press(Qt.Key.Key_Right)
        window.press(Qt.Key.Key_Space)
    elif field.kind == "choice":
        window.choose(name, next(one.label for one in field.options if one.id == value))
    elif field.kind in ("items", "choices") and isinstance(value, list):
        for option in (one.id for one in field.options if one.id in value):
            window.tab_to(f"{name}_{slug(option)}")
            window.press(Qt.Key.Key_Space)
    elif field.kind == "sources" and isinstance(value, list):
        fill_sources(window, name, value)
    elif isinstance(value, Mapping):
        fill_parts(window, name, value)
    elif isinstance(value, bool):
        assert not value
    else:
        window.tab_to(name)
        window.type(str(value))


def fill_sources(window: Window, name: str, rows: list[Json]) -> None:
    """Types a table of sources, adding its rows."""
    for number, row in enumerate(rows, 1):
        assert isinstance(row, Mapping)
        if number > 1:
            window.tab_to(f"{name}_add")
            window.press(Qt.Key.Key_Return)
        for part in ("source", "on", "result"):
            window.tab_to(f"{name}_{number}_{part}")
            window.type(str(row[part]))


def fill_parts(window: Window, name: str, parts: Mapping[str, Json]) -> None:
    """Types a date's boxes or an address."""
    for part, text in parts.items():
        if text is True:
            window.tab_to(f"{name}_{part}")
            window.press(Qt.Key.Key_Space)
        elif text:
            window.tab_to(f"{name}_{part}")
            for number, line in enumerate(str(text).split("\n")):
                if number:
                    window.press(Qt.Key.Key_Return)
                window.type(line)


def fill_section(window: Window, agreement: Agreement, section_id: str, answers: Answers) -> None:
    """Types every answer of the section that is open."""
    section = agreement.section(section_id)
    assert section is not None
    for field in section.fields:
        # What registering answered already is there.
        if field.key in answers and not field.key.startswith("received.") and field.kind != "criterion":
            fill_field(window, field, answers[field.key])


def answer_criteria(window: Window, agreement: Agreement) -> None:
    """Alt+1, reasons, evidence, F4 for the next."""
    for number, one in enumerate(agreement.criteria, 1):
        window.press(Qt.Key.Key_1, ALT)
        assert focused().objectName() == f"criteria_{one.id}_reasons"
        window.type(f"Reasons {number}.")
        window.tab_to(f"criteria_{one.id}_evidence")
        window.type(f"Request form, page {number}")
        window.press(Qt.Key.Key_F4)


def test_a_request_is_filled_and_submitted_by_keys_alone(window: Window) -> None:
    new = NewRequest(window.session, window.view)
    created: list[int] = []
    new.created.connect(created.append)
    new.open()
    open_dialog(window.qtbot, "new_request")
    assert focused().objectName() == "agreement"
    window.choose("agreement", "Law enforcement tracing")
    day = window.tab_to("received_on_day")
    QTest.keyClick(day, Qt.Key.Key_A, CTRL)
    window.type("1")
    window.choose("received_channel", "Secure e-mail")
    window.tab_to("register_the_request")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: created)

    window.open(created[0])
    page = window.view.page
    assert page is not None
    answers = complete_answers(page.agreement, "police", 0, RECEIVED)
    for section in page.agreement.sections:
        assert window.view.part == section.id
        if section.id == "criteria":
            answer_criteria(window, page.agreement)
        fill_section(window, page.agreement, section.id, answers)
        window.press(Qt.Key.Key_Return, CTRL)
    window.saved()
    stored = window.stored()
    for key, value in answers.items():
        if not key.startswith("criteria.") and value is not False:
            assert stored.get(key) == value, key
    tried = stored["criteria.tried"]
    assert isinstance(tried, Mapping)
    assert tried["answer"] == "met"
    assert tried["evidence"] == ["Request form, page 4"]

    assert window.view.part == "attachments"
    window.press(Qt.Key.Key_Return, CTRL)
    assert window.view.part == "check"
    assert window.view.foot.main.off_reason == ""
    window.press(Qt.Key.Key_Return, CTRL)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.SUBMITTED)
    window.settle()
    assert window.view.part == "next"
