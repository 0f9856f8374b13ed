"""What is pasted into a form is kept whole, and whatever counts its problems says the same number."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.fixtures import Office
from tests.ui.case_window import CTRL, Window, make_window, window
from tests.ui.test_case_form import form

__all__ = ["make_window", "window"]


def paste(window: Window, name: str, text: str) -> None:
    """Pastes a text over what stands in a control."""
    window.tab_to(name)
    window.press(Qt.Key.Key_A, CTRL)
    QGuiApplication.clipboard().setText(text)
    window.press(Qt.Key.Key_V, CTRL)


def test_list_and_summary_count_the_same_problems(window: Window, office: Office) -> None:
    window.open(office.register(person__born={}, person__nhs_number=""), "person")
    window.tab_to("person_born_year")
    window.type("1979")
    window.tab_to("person_nhs_number")
    window.type("999 123 4567")
    window.press(Qt.Key.Key_Tab)
    window.saved()
    assert form(window).summary.accessibleName().startswith("There are 2 problems")
    window.until(lambda: window.view.sections.rows["person"].row.words == "2 problems")


def test_the_foot_says_how_many_answers_cannot_be_kept(window: Window, office: Office) -> None:
    window.open(office.register(), "person")
    paste(window, "person_family_name", "a\x07b")
    assert window.view.foot.trouble.text().startswith("One answer cannot be kept")
    paste(window, "person_given_names", "a\x07b")
    assert window.view.foot.trouble.text().startswith("2 answers cannot be kept")
    paste(window, "person_family_name", "Kowalczyk")
    assert window.view.foot.trouble.text().startswith("One answer cannot be kept")


@pytest.mark.parametrize(
    ("control", "key", "part", "text", "said"),
    [
        ("person_address_postcode", "person.address", "postcode", "NB2 6QX, and then a word " * 3, "The most is 40"),
        ("person_born_year", "person.born", "year", "1979 or perhaps 1978, said he", "4 figures"),
        ("person_born_month", "person.born", "month", "June or July " * 4, "The most is 40"),
    ],
)
def test_what_is_pasted_is_never_cut(
    window: Window, office: Office, control: str, key: str, part: str, text: str, said: str
) -> None:
    window.open(office.register(), "person")
    paste(window, control, text)
    window.press(Qt.Key.Key_Tab)
    field = form(window).fields[key]
    value = field.value()
    assert isinstance(value, Mapping)
    assert value[part] == text
    assert said in field.message.words()
