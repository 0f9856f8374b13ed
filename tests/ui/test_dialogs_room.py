"""However large the text, a dialog is no larger than where it stands, and its buttons stay in sight."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import desktop.ui
from db.records import Action, LetterKind, Role, State
from desktop.casework import anchors, attachments, holds, notices
from desktop.casework import disposal as runs
from desktop.casework.calendars import preview_calendar
from desktop.casework.casepage import CasePage, case_page, history, open_case
from desktop.casework.desk import Done
from desktop.casework.issuing import read_letter
from desktop.casework.lettercheck import check_letter
from desktop.casework.recoverysheets import make_sheet
from desktop.casework.stubs import IsDestroyed
from desktop.casework.whatifs import if_received
from desktop.casework.whoasked import who_asked
from desktop.policy.letterkinds import TITLES
from desktop.policy.publishedtables import Checked
from desktop.ui import holdforms
from desktop.ui.admin.certificate import CheckDialog
from desktop.ui.admin.holidays import PreviewDialog as HolidaysDialog
from desktop.ui.admin.journal import AnchorsDialog
from desktop.ui.admin.policydialog import PolicyDialog
from desktop.ui.admin.recovery import SheetDialog
from desktop.ui.attached.viewer import AttachmentDialog
from desktop.ui.background import Worker
from desktop.ui.case.concern import ConcernDialog
from desktop.ui.case.history import HistoryDialog
from desktop.ui.case.letterdialog import LetterDialog, WriteDialog
from desktop.ui.case.linked import LinkDialog
from desktop.ui.case.new import NewRequest
from desktop.ui.case.noticecard import ExcuseDialog, NoticeDialog
from desktop.ui.case.outcomefigures import FiguresDialog
from desktop.ui.case.receipt import ReceiptDialog
from desktop.ui.case.steps import StepDialog
from desktop.ui.case.wholeagreement import AgreementDialog
from desktop.ui.case.why import WhyDialog
from desktop.ui.dialogs import Dialog
from desktop.ui.disposal.carry import CarryOutDialog
from desktop.ui.disposal.propose import ProposeDialog
from desktop.ui.disposal.rebase import RebaseDialog
from desktop.ui.help import HelpDialog
from desktop.ui.intake.dialog import ImportDialog
from desktop.ui.keys import KeysDialog
from desktop.ui.kit.button import Button
from desktop.ui.kit.inputs import TextField
from desktop.ui.letter.batch import BatchDialog
from desktop.ui.opening_case import ReasonDialog
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.reports.files import CheckedDialog
from desktop.ui.savedviews import SavedViewsDialog
from desktop.ui.session import Session
from desktop.ui.stub import StubDialog
from desktop.ui.theme import Theme
from desktop.ui.whoasked import WhoAskedDialog
from desktop.ui.working import WorkingDialog
from tests.fixtures import Office, on
from tests.journeys.rectification import released
from tests.store.disposing import approved, destroyed, many_closed
from tests.store.test_calendars import command as holidays
from tests.store.test_extending import foi
from tests.store.test_rebasing import new_rule
from tests.store.test_reopened import withdrawn
from tests.ui.filtering import many_filters
from tests.ui.page_window import misplaced
from tests.ui.waiting import PATIENCE

Make = Callable[[QWidget], Dialog]
Prepare = Callable[[Office, Session], Make]
LAYS_OUT_OTHERS = {WorkingDialog}
"""Those that are never shown as they are."""


def _case(office: Office) -> CasePage:
    return case_page(office.caseworker, office.register().case_id)


def _reference(office: Office, done: Done) -> str:
    return case_page(office.caseworker, done.case_id).case.row.reference


def _step(action: Action) -> Prepare:
    def prepare(office: Office, session: Session) -> Make:
        page = case_page(office.caseworker, foi(office).case_id)
        return lambda owner: StepDialog(action, page, session.desk, owner)

    return prepare


def _receipt(office: Office, session: Session) -> Make:
    page = _case(office)
    assert page.due is not None
    change = if_received(page, session.desk.calendars, page.due.received - timedelta(days=3))
    return lambda owner: ReceiptDialog(page.case.row.reference, change, owner)


def _history(office: Office, _session: Session) -> Make:
    done = withdrawn(office, office.in_state(State.SUBMITTED))
    reference, lines = _reference(office, done), history(office.caseworker, done.case_id)
    return lambda owner: HistoryDialog(reference, lines, owner)


def _agreement(office: Office, _session: Session) -> Make:
    agreement = office.entry.agreements.get("foi")
    return lambda owner: AgreementDialog(agreement, agreement.versions[-1], owner)


def _letter(office: Office, session: Session) -> Make:
    pdf = read_letter(office.caseworker, office.in_state(State.ISSUED).case_id)
    return lambda owner: LetterDialog(session, TITLES[LetterKind.ACKNOWLEDGEMENT], pdf, owner)


def _write(_office: Office, session: Session) -> Make:
    def make(owner: QWidget) -> Dialog:
        lead = "It is issued at once, with a number of its own, and stays with the case for good."
        return WriteDialog(session, "Write to the requester", lead, [TextField("body", "What it says", lines=6)], owner)

    return make


def _notice(office: Office, session: Session) -> Make:
    page = case_page(office.caseworker, released(office, office.in_state(State.ISSUED)).case_id)
    pdf, reference = notices.preview_notice(office.caseworker, page.case.row.id, 0).pdf, page.case.row.reference
    return lambda owner: NoticeDialog(session, reference, pdf, "As it would be issued.", owner)


def _excuse(office: Office, _session: Session) -> Make:
    page = case_page(office.caseworker, released(office, office.in_state(State.ISSUED)).case_id)
    return lambda owner: ExcuseDialog(page.notices[0], page.case.row.reference, owner)


def _attachment(office: Office, session: Session) -> Make:
    done = office.register()
    add = attachments.AddAttachment(**on(done), name="authority.txt", content=b"The authority of the inspector.\n" * 99)
    done = attachments.add_attachment(office.caseworker, add)
    (one,), reference = case_page(office.caseworker, done.case_id).attachments, _reference(office, done)
    return lambda owner: AttachmentDialog(session, reference, one, lambda: None, owner)


def _holidays(office: Office, session: Session) -> Make:
    for _ in range(12):
        foi(office)
    found = preview_calendar(session.desk, holidays())
    return lambda owner: HolidaysDialog(owner, found)


def _anchors(office: Office, session: Session) -> Make:
    rows = anchors.anchors(session.desk)
    return lambda owner: AnchorsDialog(owner, rows, session.desk)


def _who_asked(office: Office, session: Session) -> Make:
    found = who_asked(session.desk, office.in_state(State.ISSUED).case_id, "check")
    return lambda owner: WhoAskedDialog(session, owner, found)


def _sheet(_office: Office, session: Session) -> Make:
    pdf = make_sheet(session.desk, "sample-desk")
    return lambda owner: SheetDialog(pdf, "It takes the place of any earlier sheet.", owner, counts=True)


def _check(office: Office, session: Session) -> Make:
    letter = session.desk.store.path.with_name("letter.pdf")
    letter.write_bytes(read_letter(office.caseworker, office.in_state(State.ISSUED).case_id))
    found = check_letter(session.desk, letter)
    return lambda owner: CheckDialog(owner, found)


def _hold(office: Office, session: Session) -> Make:
    many_closed(office, 12)
    review = session.desk.today() + timedelta(days=90)
    command = holds.PlaceHold(
        agreement_id="law-enforcement-tracing", authority="An inquiry", because="It asks.", review_on=review
    )
    found = holds.preview_hold(session.desk, command)
    return lambda owner: holdforms.PreviewDialog(owner, found)


def _record(office: Office, session: Session) -> Make:
    titles = {one.id: one.short_title for one in office.entry.agreements.all()}
    return lambda owner: holdforms.place_form(owner, titles, ())[0]


def _propose(office: Office, session: Session) -> Make:
    many_closed(office, 30)
    return lambda owner: ProposeDialog(session, owner)


def _rebase(office: Office, session: Session) -> Make:
    many_closed(office, 3)
    new_rule(office, 6)
    return lambda owner: RebaseDialog(session, owner)


def _carry(office: Office, session: Session) -> Make:
    approved(office, *many_closed(office, 3))
    (run,) = runs.runs(session.desk)
    return lambda owner: CarryOutDialog(session, run, owner)


def _stub(office: Office, session: Session) -> Make:
    destroyed(office, case := many_closed(office, 1)[0])
    with pytest.raises(IsDestroyed) as told:
        open_case(office.caseworker, case.case_id)
    return lambda owner: StubDialog(told.value.stub, owner)


def _policy(office: Office, session: Session) -> Make:
    found = office.entry.agreements.get("law-enforcement-tracing")
    return lambda owner: PolicyDialog(found, "withdraw", session.desk.today(), owner)


def _plain(_office: Office, _session: Session) -> Make:
    def make(owner: QWidget) -> Dialog:
        dialog = Dialog(owner, "confirm", "Approve the destruction of 1,958 cases of the register?", icon="shredder")
        for _ in range(4):
            dialog.add_text("Everything that identifies anyone goes, and cannot be brought back. " * 4)
        dialog.add_button("Approve the destruction")
        dialog.add_button("Cancel").setFocus()
        return dialog

    return make


OFFICER, ADMIN, WORKER = Role.RECORDS_OFFICER, Role.ADMINISTRATOR, Role.CASEWORKER
DIALOGS: dict[type[Dialog], tuple[Role, Prepare]] = {
    AgreementDialog: (WORKER, _agreement),
    AnchorsDialog: (ADMIN, _anchors),
    AttachmentDialog: (WORKER, _attachment),
    BatchDialog: (WORKER, lambda _office, session: lambda owner: BatchDialog(session, owner)),
    CarryOutDialog: (OFFICER, _carry),
    CheckDialog: (ADMIN, _check),
    CheckedDialog: (
        WORKER,
        lambda _office, _session: partial(CheckedDialog, Checked(60, ("Row 3, All: 9, not 8.",) * 60)),
    ),
    ConcernDialog: (WORKER, lambda office, _session: partial(ConcernDialog, _case(office))),
    Dialog: (WORKER, _plain),
    ExcuseDialog: (WORKER, _excuse),
    FiguresDialog: (WORKER, lambda _office, session: partial(FiguresDialog, ("Tracing requests",), session.desk.today)),
    HelpDialog: (WORKER, lambda _office, _session: lambda owner: HelpDialog(owner, "backups")),
    HistoryDialog: (WORKER, _history),
    HolidaysDialog: (ADMIN, _holidays),
    holdforms.PreviewDialog: (OFFICER, _hold),
    ImportDialog: (WORKER, lambda _office, session: partial(ImportDialog, session)),
    KeysDialog: (WORKER, lambda _office, _session: KeysDialog),
    LetterDialog: (WORKER, _letter),
    LinkDialog: (WORKER, lambda office, _session: partial(LinkDialog, _case(office))),
    NewRequest: (WORKER, lambda _office, session: partial(NewRequest, session)),
    NoticeDialog: (WORKER, _notice),
    PolicyDialog: (ADMIN, _policy),
    ProposeDialog: (OFFICER, _propose),
    ReasonDialog: (WORKER, lambda _office, _session: lambda owner: ReasonDialog(owner, "Why?", "Words. " * 40, "Open")),
    RebaseDialog: (OFFICER, _rebase),
    ReceiptDialog: (WORKER, _receipt),
    RecordDialog: (OFFICER, _record),
    SavedViewsDialog: (WORKER, many_filters),
    SheetDialog: (ADMIN, _sheet),
    StepDialog: (WORKER, _step(Action.EXTEND)),
    StubDialog: (WORKER, _stub),
    WhoAskedDialog: (OFFICER, _who_asked),
    WhyDialog: (WORKER, lambda office, session: partial(WhyDialog, _case(office), session.desk.today())),
    WriteDialog: (WORKER, _write),
}
ROOMS = [("desk", 100), ("desk", 200), ("small", 150)]
"""The screens of the tests, with the largest text that each is made for."""


def every_dialog() -> set[type[Dialog]]:
    """Every class of dialog that the desk has."""
    for module in pkgutil.walk_packages(desktop.ui.__path__, "desktop.ui."):
        importlib.import_module(module.name)
    found, new = {Dialog}, [Dialog]
    while new:
        new = [one for kind in new for one in kind.__subclasses__() if one.__module__.startswith("desktop.")]
        found |= set(new)
    return found - LAYS_OUT_OTHERS


def test_no_dialog_is_forgotten_here() -> None:
    assert every_dialog() == set(DIALOGS)


def outside(dialog: Dialog) -> list[str]:
    """What of a dialog is out of sight, or cut."""
    free = dialog.screen().availableGeometry()
    found = [] if free.contains(dialog.frameGeometry()) else [f"{dialog.frameGeometry()} is not in {free}"]
    buttons = [one for one in dialog.findChildren(Button) if dialog.foot.indexOf(one) >= 0 and one.isVisible()]
    for one in (dialog.title, *buttons):
        box = QRect(one.mapTo(dialog, QPoint(0, 0)), one.size())
        if not dialog.rect().contains(box) or one.width() < one.minimumSizeHint().width():
            found.append(f"{one.objectName() or type(one).__name__}: {box} in {dialog.rect()}")
    wide, least = dialog.pane.viewport().width(), dialog.body.totalMinimumSize().width()
    return found + ([f"the body is {least} wide in {wide}"] if least > wide else [])


@pytest.fixture
def worker(office: Office) -> Iterator[Worker]:
    """The store's thread, at rest before the store is closed."""
    del office
    made = Worker()
    yield made
    made.stop()


@pytest.mark.parametrize("kind", DIALOGS, ids=lambda kind: f"{kind.__module__.rpartition('.')[2]}-{kind.__name__}")
def test_a_dialog_fits_its_screen(
    qtbot: QtBot, theme: Theme, office: Office, worker: Worker, kind: type[Dialog]
) -> None:
    role, prepare = DIALOGS[kind]
    session = Session(office.desk(role), theme, worker)
    make = prepare(office, session)
    screens = {one.name(): one.availableGeometry() for one in QGuiApplication.screens()}
    found: dict[str, list[str]] = {}
    for where, scale in ROOMS:
        theme.set_text_scale(scale)
        owner = QWidget()
        qtbot.addWidget(owner)
        owner.setGeometry(screens[where])
        owner.show()
        dialog = make(owner)
        assert type(dialog) is kind
        dialog.show()
        qtbot.waitExposed(dialog)
        for _ in range(4):
            assert worker.drain()
            QApplication.processEvents()
        assert dialog.screen().name() == where
        if wrong := [*outside(dialog), *misplaced(dialog)]:
            found[f"{where} {scale}"] = wrong
        dialog.hide()
        owner.close()
    assert found == {}


def test_what_grows_stays_on_the_screen(qtbot: QtBot, theme: Theme) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    dialog = Dialog(owner, "grows", "It grows")
    dialog.add_text("A line.")
    dialog.add_button("Close").setFocus()
    dialog.show()
    qtbot.waitExposed(dialog)
    before = dialog.height()
    dialog.move(200, 500)
    for _ in range(12):
        dialog.add_text("One more, as when it says what is wrong.")
    qtbot.waitUntil(lambda: dialog.height() > before + 200, timeout=PATIENCE)
    assert outside(dialog) == []
    dialog.reject()
