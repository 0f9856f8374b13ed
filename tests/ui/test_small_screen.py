"""What has to have room on a screen of 1366 by 768."""

from __future__ import annotations

from datetime import date

import pytest

from db.records import Role
from desktop.ui.holds import HoldsPart
from desktop.ui.kit.table_paint import AIR
from desktop.ui.retention import RetentionView
from desktop.ui.review.view import ReviewView
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.ui.test_holds import place
from tests.ui.test_points import Make, Seat, make_seat

__all__ = ["make_seat"]


def lines(view: RetentionView) -> int:
    """Of tabs."""
    return len({button.y() for button in view.tabs.buttons.values() if button.isVisible()})


def retention_of(seat: Seat) -> RetentionView:
    seat.main.go_to("retention")
    seat.settle()
    view = seat.main.page("retention")
    assert isinstance(view, RetentionView)
    return view


@pytest.mark.parametrize("scale", [100, 125])
def test_the_longest_day_of_a_holds_review_has_room(make_seat: Make, office: Office, theme: Theme, scale: int) -> None:
    place(office, (date(2027, 9, 30) - office.entry.today()).days, agreement_id="coroner")
    theme.set_text_scale(scale)
    seat = make_seat(office, Role.GUARDIAN)
    view = retention_of(seat)
    view.tabs.buttons["holds"].click()
    seat.settle()
    holds = view.parts["holds"]
    assert isinstance(holds, HoldsPart)
    review = holds.model.columns[3]
    words = review.getter(next(iter(holds._rows.values())))
    assert words == "30 September 2027, in 15 months"
    assert not holds.table.isColumnHidden(3)
    assert theme.metrics("body").horizontalAdvance(words) <= holds.table.columnWidth(3) - 2 * theme.px(AIR)
    assert review.elide, "what has none is whole in a tool tip"


def test_the_tabs_of_retention_stand_in_one_line_beside_the_pane(make_seat: Make, office: Office) -> None:
    seat = make_seat(office, Role.RECORDS_OFFICER)
    view = retention_of(seat)
    assert view.pane.isVisible()
    counts = {"all": 12345, "due": 1234, "soon": 123, "waiting": 45, "runs": 3, "holds": 12}
    for key, count in counts.items():
        view.tabs.set_count(key, count)
    seat.settle()
    assert lines(view) == 1
    for key, button in view.tabs.buttons.items():
        if button.isVisible():
            assert view.tabs.rect().contains(button.geometry()), key
            assert button.width() >= button.sizeHint().width()
    # Where there is less room than that, they go on in the next line, as far apart as usual.
    seat.main.resize(900, 768)
    seat.settle()
    assert lines(view) == 2
    row = view.tabs.layout()
    assert row is not None
    first, second = (view.tabs.buttons[key].geometry() for key in ("all", "due"))
    assert second.left() - first.right() - 1 == row.spacing()


@pytest.mark.parametrize("scale", [100, 125])
def test_the_button_of_an_empty_queue_is_whole(make_seat: Make, office: Office, theme: Theme, scale: int) -> None:
    theme.set_text_scale(scale)
    seat = make_seat(office, Role.REVIEWER)
    view = seat.main.page("review")
    assert isinstance(view, ReviewView)
    assert view.next.off_reason == "Nothing waits for you."
    assert view.next.sizeHint().width() <= view.next.width()
    office.submit(office.register())
    view.refresh()
    seat.settle()
    assert view.next.off_reason == ""
    # With its key, a little closer to its edges than others.
    assert view.next.sizeHint().width() - 2 * theme.px(9) <= view.next.width()
