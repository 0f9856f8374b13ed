"""What a reviewer sees beside the answers: attached files, which open inside the desk, and linked cases."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from db.records import Relation, Role
from desktop.casework import attachments, links
from desktop.casework.casepage import case_page
from desktop.ui.attached.viewer import AttachmentDialog
from desktop.ui.kit.notices import Banner
from desktop.ui.review.view import ReviewView
from tests.fixtures import Office, on
from tests.ui.page_window import CTRL, Make, Window, make_page, nameless
from tests.ui.test_review import Key

__all__ = ["make_page"]


def test_the_reviewer_reads_the_files_and_sees_what_the_case_is_linked_to(make_page: Make, office: Office) -> None:
    leading = office.register()
    done = office.register()
    add = attachments.AddAttachment(**on(done), name="authority.txt", content=b"The authority of the inspector.")
    done = attachments.add_attachment(office.caseworker, add)
    reference = case_page(office.caseworker, leading.case_id).case.row.reference
    links.link_cases(
        office.caseworker,
        links.LinkCases(command_id="1", case_id=done.case_id, reference=reference, kind=Relation.DUPLICATE),
    )
    office.submit(done)
    review: Window[ReviewView] = make_page(ReviewView, office, Role.REVIEWER)
    review.view.setFocus()
    review.press(Key.Key_J, CTRL)
    banners = [one for one in review.view.findChildren(Banner) if "attached" in one.sentence.text()]
    assert [one.sentence.text() for one in banners] == [f"1 file attached, it is a duplicate of {reference}."]
    banners[0].followed.emit()
    assert review.view.tabs.current() == "whole"
    assert nameless(review.view) == []
    names = [one.accessibleName() for one in review.view.reading["whole"].findChildren(QWidget)]
    assert any(one.startswith(f"Open {reference}. This is a duplicate of it") for one in names)
    (number,) = [one.id for one in case_page(office.reviewer, done.case_id).attachments]
    button = review.view.reading["whole"].findChild(QWidget, f"look_file_{number}")
    assert button is not None
    button.click()  # type: ignore[attr-defined]
    review.settle()
    (dialog,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, AttachmentDialog) and one.isVisible()]
    assert dialog.words.value() == "The authority of the inspector."
    assert nameless(dialog) == []
    dialog.accept()
    assert "read_attachment" in review.journalled(done.case_id)
