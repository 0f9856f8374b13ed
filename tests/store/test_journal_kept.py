"""What the journal keeps: who did what, and who looked at whom and why, each under its heading."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db import journal
from db.records import Heading, Role, State
from db.records_log import JournalEntry
from db.records_views import RegisterFilter
from desktop import casework
from desktop.casework import (
    accounts,
    consulting,
    holds,
    issuing,
    recoverysheets,
    register,
    requestforms,
    savedfilters,
    savedreports,
    savedviews,
)
from desktop.casework.casepage import open_case
from desktop.casework.concerns import RaiseConcern, raise_concern
from desktop.casework.consulting import ReasonNeeded
from desktop.casework.desk import Desk, Done, Entry, Refused
from desktop.casework.journalexport import export_journal
from desktop.casework.sample import sample_password
from desktop.casework.secondlookpage import open_second_look
from desktop.casework.whoasked import save_who_asked, who_asked
from desktop.policy.disclosurecontrol import NONE
from desktop.policy.savedreports import ReportKind, WantedReport
from tests.fixtures import Office, on
from tests.store.holding import place, reference, same_person
from tests.store.looking import all_drawn, look, waiting

H = Heading
KEPT: dict[str, Heading] = {
    # Section 62 of the Data Protection Act 2018.
    "register": H.COLLECTION,
    "save_answers": H.ALTERATION,
    "submit": H.ALTERATION,
    "record": H.ALTERATION,
    "issue": H.DISCLOSURE,
    "print": H.DISCLOSURE,
    "save_copy": H.DISCLOSURE,
    "open_case": H.CONSULTATION,
    "read_letter": H.CONSULTATION,
    "search": H.CONSULTATION,
    "copy_list": H.DISCLOSURE,
    "export_journal": H.DISCLOSURE,
    "who_asked": H.CONSULTATION,
    "save_who_asked": H.DISCLOSURE,
    "same_person": H.COMBINATION,
    "place_hold": H.ERASURE,
    "propose_release_of_hold": H.ERASURE,
    "release_hold": H.ERASURE,
    # And two of the desk's own.
    "withdraw": H.DECISION,
    "return": H.DECISION,
    "approve": H.DECISION,
    "refuse": H.DECISION,
    "reject": H.DECISION,
    "send_back": H.DECISION,
    "escalate": H.DECISION,
    "release": H.DECISION,
    "raise_concern": H.DECISION,
    "change_second_looks": H.SYSTEM,
    "save_filter": H.SYSTEM,
    "save_report_choices": H.SYSTEM,
    "rename_saved_report": H.SYSTEM,
    "delete_saved_report": H.SYSTEM,
    "rename_filter": H.SYSTEM,
    "delete_filter": H.SYSTEM,
    "open_second_look": H.CONSULTATION,
    "second_look": H.DECISION,
    "sign_in": H.SYSTEM,
    "sign_in_failed": H.SYSTEM,
    "sign_out": H.SYSTEM,
    "account_locked": H.SYSTEM,
    "lock": H.SYSTEM,
    "unlock": H.SYSTEM,
    "unlock_failed": H.SYSTEM,
    "change_password_failed": H.SYSTEM,
    "change_organisation": H.SYSTEM,
    "save_form": H.SYSTEM,
    "keep_recovery_sheet": H.SYSTEM,
}


def entries(office: Office) -> list[JournalEntry]:
    with office.entry.store.read() as tx:
        return list(journal.entries(tx, limit=10_000))


def last(office: Office) -> JournalEntry:
    return entries(office)[-1]


def test_each_thing_done_stands_under_its_heading(office: Office, tmp_path: Path) -> None:
    for state in State:
        if state is not State.DESTROYED:
            office.in_state(state)
    issued = office.in_state(State.ISSUED)
    issuing.read_letter(office.caseworker, issued.case_id)
    issued = issuing.printed(office.caseworker, issuing.Handled(**on(issued)))
    issuing.save_copy(office.caseworker, issuing.SaveCopy(**on(issued), out=tmp_path / "letter.pdf"))
    second_looked(office)
    filtered(office.caseworker)
    reported(office.caseworker)
    draft = office.register()
    office.save(draft, person__family_name="Other")
    open_case(office.caseworker, draft.case_id)
    raise_concern(office.caseworker, RaiseConcern(command_id=str(uuid4()), case_id=draft.case_id, why="A threat."))
    consulting.searched(office.caseworker, 2)
    consulting.copied_list(office.caseworker, "batch", 3)
    requestforms.make_request_form(office.caseworker, "law-enforcement-tracing", tmp_path / "form.pdf")
    recoverysheets.keep_sheet(office.entry)
    exports(office, draft, tmp_path)
    number = place(office.officers[0], case=reference(office, draft))
    holds.propose_release(office.officers[0], holds.ProposeRelease(hold_id=number, because="It is over."))
    holds.decide_release(office.officers[1], holds.DecideRelease(hold_id=number, release=True, because="It is over."))
    doors(office)
    kept = {one.action: one.heading for one in entries(office)}
    assert {action: kept.get(action) for action in KEPT} == KEPT


def filtered(desk: Desk) -> None:
    """A saved filter, from its beginning to its end."""
    number = savedfilters.save_filter(desk, savedfilters.SaveFilter(name="open", wanted=RegisterFilter(open_only=True)))
    savedfilters.rename_filter(desk, savedviews.RenameView(view_id=number, name="all that is open"))
    savedfilters.delete_filter(desk, number)


def reported(desk: Desk) -> None:
    """A saved report, from its beginning to its end."""
    today = desk.today()
    wanted = WantedReport(report=ReportKind.OVERSIGHT, first=today, last=today, control=NONE)
    number = savedreports.save_report(desk, savedreports.SaveReport(name="board", wanted=wanted))
    savedreports.rename_report(desk, savedviews.RenameView(view_id=number, name="quarter"))
    savedreports.delete_report(desk, number)


def second_looked(office: Office) -> None:
    """A decision that another person looks at again."""
    all_drawn(office)
    office.in_state(State.REFUSED)
    (decision,) = waiting(office.guardian)
    open_second_look(office.guardian, decision)
    look(office.guardian, decision)


def exports(office: Office, draft: Done, folder: Path) -> None:
    """What leaves the store in a file."""
    export_journal(office.desk(Role.AUDITOR), folder / "journal.jsonl")
    other = office.register()
    same_person(office, draft, other, same=True)
    save_who_asked(office.guardian, who_asked(office.guardian, draft.case_id, "enquiry"), folder / "who-asked.csv")


def doors(office: Office) -> None:
    """Everything that happens at the desk's door."""
    name = office.caseworker.user.username
    desk = accounts.sign_in(office.entry, name, sample_password())
    accounts.lock(desk)
    assert not accounts.unlock(desk, "wrong")
    assert accounts.unlock(desk, sample_password())
    with pytest.raises(Refused):
        accounts.change_password(desk, "wrong", "three odd words")
    accounts.sign_out(desk)
    for _ in range(accounts.TRIES):
        with pytest.raises(Refused):
            accounts.sign_in(office.entry, name, "wrong")
    admin = office.desk(Role.ADMINISTRATOR)
    accounts.save_organisation(admin, replace(accounts.organisation(admin), team="Another team"))


@pytest.mark.parametrize("username", ["nobody.here", "n\x00body", "hunter2 my password"])
def test_a_sign_in_under_no_name_of_ours_is_kept_without_the_name(office: Office, username: str) -> None:
    with pytest.raises(Refused):
        accounts.sign_in(office.entry, username, "x")
    assert (last(office).action, last(office).actor_id, dict(last(office).data)) == ("sign_in_failed", None, {})


def test_a_try_at_a_locked_account_is_kept(office: Office) -> None:
    for _ in range(accounts.TRIES + 1):
        with pytest.raises(Refused):
            accounts.sign_in(office.entry, office.caseworker.user.username, "wrong")
    assert (last(office).action, dict(last(office).data)) == ("sign_in_failed", {"locked": True})
    assert last(office).actor_id == office.caseworker.user.id


def test_a_changed_setting_says_which_and_not_what(office: Office) -> None:
    admin = office.desk(Role.ADMINISTRATOR)
    accounts.save_organisation(admin, replace(accounts.organisation(admin), team="Another team", phone="01632 960999"))
    assert dict(last(office).data) == {"changed": ["team", "phone"]}


def test_a_search_is_kept_without_its_words(office: Office) -> None:
    office.register(person__family_name="Zebrowski")
    found = register.find(office.caseworker, "Zebrowski")
    consulting.searched(office.caseworker, len(found))
    assert dict(last(office).data) == {"found": 1}


class TestWhoLooks:
    """Opening a case: whose it is, and why."""

    def test_ones_own_case_needs_no_reason(self, office: Office) -> None:
        open_case(office.caseworker, office.register().case_id)
        assert dict(last(office).data) == {"why": "casework"}

    def test_a_case_that_waits_for_ones_decision_needs_no_reason(self, office: Office) -> None:
        open_case(office.reviewer, office.in_state(State.SUBMITTED).case_id, "review")
        assert dict(last(office).data) == {"why": "review"}
        open_case(office.guardian, office.in_state(State.ESCALATED).case_id, "review")
        assert dict(last(office).data) == {"why": "review"}

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.GUARDIAN, Role.RECORDS_OFFICER])
    def test_another_case_is_not_opened_without_a_reason(self, office: Office, role: Role) -> None:
        draft = office.register()
        before = len(entries(office))
        for why in ("casework", "review", "", "Kowalczyk is my neighbour"):
            with pytest.raises(ReasonNeeded):
                open_case(office.desk(role), draft.case_id, why)
        assert len(entries(office)) == before
        open_case(office.desk(role), draft.case_id, "complaint")
        assert dict(last(office).data) == {"why": "complaint", "restricted": ["not_own"]}

    def test_a_reason_holds_for_the_day(self, office: Office) -> None:
        draft = office.register()
        open_case(office.reviewer, draft.case_id, "check")
        open_case(office.reviewer, draft.case_id)
        assert dict(last(office).data) == {"why": "check", "restricted": ["not_own"]}
        clock = office.entry.clock
        clock.at = clock.at.replace(day=clock.at.day + 1)  # type: ignore[attr-defined]
        with pytest.raises(ReasonNeeded):
            open_case(office.reviewer, draft.case_id)

    def test_a_case_with_a_concern_stands_out_whoever_opens_it(self, office: Office) -> None:
        draft = office.register()
        raise_concern(office.caseworker, RaiseConcern(command_id=str(uuid4()), case_id=draft.case_id, why="A threat."))
        open_case(office.caseworker, draft.case_id)
        assert dict(last(office).data) == {"why": "casework", "restricted": ["concern"]}
        open_case(office.reviewer, draft.case_id, "safety")
        assert dict(last(office).data) == {"why": "safety", "restricted": ["concern", "not_own"]}

    def test_a_records_officer_reviews_closed_cases(self, office: Office) -> None:
        open_case(office.officers[0], office.in_state(State.ISSUED).case_id)
        assert dict(last(office).data) == {"why": "appraisal"}


READS: frozenset[str] = frozenset(
    # What lists, settings and checks show, and what is read of a case that is open already, within its consultation.
    "accounts.users accounts.organisation accounts.verify_password anchors.anchors anchors.anchor_lines"
    " batch.as_it_stands batch.ready_letters clockright.clock_ahead keptlists.note_copied"
    " recovery.key_to_keep"
    " calendars.in_force calendars.preview_calendar"
    " casepage.case_page casepage.history"
    " certificates.certificate_page certificates.certificates certificates.ready_to_sign"
    " disposal.candidates disposal.read_certificate disposal.run_items disposal.runs foreseen.would_stay"
    " backups.overview backupchecks.backup_faults backups.old_files backups.reseal_backups"
    " recovery.key_place recovery.sheet_for_change restorepreview.preview_restore keptlists.list_faults"
    " keptlists.our_folders"
    " holds.hold_rows holds.keeping holds.known_bodies holds.preview_hold"
    # What reports count; what leaves the store is journalled where it is written.
    " aside.aside publication.behind publication.publication publication.tables"
    " awaiting.awaiting awaiting.reminders holds.waiting_holds rebasing.moved_dates"
    " recoverysheets.sheet_state retentionrules.retention_rules"
    " intake.columns_for intake.look_through issuing.preview mailing.mail_address notices.preview_notice"
    " outcomes.unprinted_outcome ownwords.changed_kinds ownwords.letter_text policymoves.changes policymoves.preview"
    " policymoves.touched_cases register.behind_figure register.due_count register.find register.register_ids"
    " register.register_rows"
    " oversight.behind oversight.oversight publication.behind publication.publication publication.tables"
    " reporting.check_overseeing today.behind today.today"
    " register.timer_groups register.timer_rows register.timers standing.standings"
    " journalview.journal_choices journalview.journal_lines journalview.journal_numbers pseudonyms.ensure_key"
    " savedfilters.saved_filters savedfilters.why_not_save"
    " savedreports.saved_report savedreports.saved_reports"
    " secondlooks.second_looks secondlooks.share"
    " register.totals reissuing.preview_reissue requesters.bodies requestforms.read_request_form"
    " sending.letter_to_type_back work.my_work news.news_of work.open_count work.queue_count work.rehearse"
    " work.review_queue"
    " answerfigures.check_figures publication.behind publication.publication publication.tables"
    " writing.preview_written verifying.verify_store".split()
)


def test_whatever_else_there_is_to_do_is_journalled() -> None:
    """A function that takes the open desk and no transaction is journalled, or stands among what only reads."""
    silent = {name for name, function in public() if not journals(function)}
    assert silent == READS & {name for name, _function in public()}


_GIVEN = {"Tx", "Case", "CaseRow", "CasePage", "Agreement"}
"""What a function is given that works within the transaction of another, or on what that has read."""


def public() -> list[tuple[str, Callable[..., Any]]]:
    """Every public function of casework that takes the desk and opens a transaction of its own."""
    found: list[tuple[str, Callable[..., Any]]] = []
    for one in pkgutil.iter_modules(casework.__path__):
        if one.name in ("desk", "sample"):
            continue
        module = import_module(f"desktop.casework.{one.name}")
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            kinds = [part.annotation for part in inspect.signature(function).parameters.values()]
            given = {word for kind in kinds for word in str(kind).split(" | ")}
            if kinds and kinds[0] in ("Desk", "Entry") and not given & _GIVEN:
                found.append((f"{one.name}.{name}", function))
    return found


def journals(function: Callable[..., Any], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a function appends to the journal, itself or through others of its package that it calls."""
    if any(mark in inspect.getsource(function) for mark in ("journal.append(", " append(", "append_each(")):
        return True
    names = (*function.__code__.co_names, *_within(function))
    spaces = [
        function.__globals__,
        *(vars(one) for one in map(function.__globals__.get, names) if inspect.ismodule(one)),
    ]
    called = {
        other
        for space in spaces
        for name in names
        if inspect.isfunction(other := space.get(name)) and other.__module__.startswith("desktop.casework.")
    }
    known = seen | {function.__qualname__}
    return any(journals(other, known) for other in called if other.__qualname__ not in known)


def _within(function: Callable[..., Any]) -> list[str]:
    """The names that the functions within a function use."""
    return [name for one in function.__code__.co_consts if inspect.iscode(one) for name in one.co_names]


def test_desk_and_entry_are_what_the_walk_looks_for() -> None:
    assert issubclass(Desk, Entry)
    assert len(public()) > 80
