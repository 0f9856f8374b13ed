"""Saved filters in the store: whose they are, who changes them, and what none of them can hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from db import journal
from db.errors import RuleKept
from db.migrations import whole_schema
from db.records import Json, Outcome, Role, State
from db.records_views import Due, RegisterFilter, Sort
from db.schema_savedviews import NAME, OF_REGISTER
from desktop.casework import requesters
from desktop.casework.desk import Desk, Invalid, Refused
from desktop.casework.register import register_ids
from desktop.casework.savedfilters import (
    SaveFilter,
    delete_filter,
    rename_filter,
    save_filter,
    saved_filters,
    why_not_save,
)
from desktop.casework.savedviews import RenameView, Saved
from desktop.policy.savedviews import NO_BODY, NO_DAY, NO_TEXT
from tests.fixtures import Office

LATE = RegisterFilter(open_only=True, due_to=date(2026, 6, 9))
POLICE = RegisterFilter(agreement_id="law-enforcement-tracing", state=State.ISSUED, outcome=Outcome.TRACED)


def save(desk: Desk, name: str = "late", wanted: RegisterFilter = LATE, *, everyones: bool = False) -> int:
    return save_filter(desk, SaveFilter(name=name, wanted=wanted, everyones=everyones))


def names(desk: Desk) -> list[tuple[str, bool, bool]]:
    return [(one.name, one.everyones, one.may_change) for one in saved_filters(desk)]


def test_ones_own_are_ones_own_and_everyones_are_everyones(office: Office) -> None:
    admin = office.desk(Role.ADMINISTRATOR)
    save(office.caseworker, "late")
    save(office.caseworker, "Answered", POLICE)
    save(admin, "issued", RegisterFilter(state=State.ISSUED), everyones=True)
    save(admin, "late")
    shared = ("issued", True, False)
    assert names(office.caseworker) == [("Answered", False, True), ("late", False, True), shared]
    assert names(office.reviewer) == [shared]
    assert names(office.desk(Role.AUDITOR)) == [shared]
    assert names(admin) == [("late", False, True), ("issued", True, True)]


def test_it_shows_what_was_saved(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    office.register()
    save(office.caseworker, "answered", POLICE)
    (one,) = saved_filters(office.caseworker)
    assert one.wanted == POLICE
    assert list(register_ids(office.caseworker, one.wanted)) == [done.case_id]


def test_a_filter_of_an_agreement_without_a_case_can_be_saved(office: Office) -> None:
    save(office.caseworker, "foi", RegisterFilter(agreement_id="foi"))
    with pytest.raises(Refused, match="agreements and bodies on record"):
        save(office.caseworker, "none", RegisterFilter(agreement_id="anna-kowalczyk"))


def test_a_requester_is_saved_by_its_number_and_only_one_on_record(office: Office) -> None:
    admin = office.desk(Role.ADMINISTRATOR)
    number = requesters.put_body(admin, requesters.PutBody(name="Eastmoor Constabulary", addresses=""))
    wanted = RegisterFilter(requester="Eastmoor Constabulary")
    save(office.caseworker, "eastmoor", wanted)
    with office.entry.store.read() as tx:
        assert tx.execute(text("SELECT choices FROM saved_view")).scalar_one() == f'{{"body": {number}}}'
    renamed = requesters.PutBody(body_id=number, version=1, name="Eastmoor Police", addresses="")
    requesters.put_body(admin, renamed)
    (one,) = saved_filters(office.caseworker)
    assert one.wanted == RegisterFilter(requester="Eastmoor Police")
    requesters.remove_body(admin, number)
    (one,) = saved_filters(office.caseworker)
    assert one.wanted is None


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (RegisterFilter(text="Kowalczyk"), NO_TEXT),
        (RegisterFilter(requester="Anna Kowalczyk"), NO_BODY),
        (RegisterFilter(due_to=date(1984, 6, 30)), NO_DAY),
    ],
)
def test_what_may_be_about_a_person_is_refused(office: Office, wanted: RegisterFilter, why: str) -> None:
    assert why_not_save(office.caseworker, wanted) == why
    with pytest.raises(Refused) as told:
        save(office.caseworker, wanted=wanted)
    assert str(told.value) == why
    assert saved_filters(office.caseworker) == ()


class TestTheName:
    """A filter of one name, which says nothing of anybody."""

    @pytest.mark.parametrize(
        "name",
        [
            "webb-šimková nadia",
            "late, nadia WEBB-SIMKOVA",
            "about tomek KOWAL",
            "nadia/kowal’s",
            "tomek_webb šimková",
            "Nadia Webb-Šimková police",
        ],
    )
    def test_a_name_is_nobodys_whom_a_case_is_about(self, office: Office, name: str) -> None:
        rows: list[Json] = [{"name": "Nadia Kowal", "kind": "former"}]
        office.register(person__family_name="Webb-Šimková", person__given_names="Nadia Tomek", person__other_names=rows)
        with pytest.raises(Invalid, match="names of somebody whom a case is about"):
            save(office.caseworker, name)
        save(office.caseworker, "late police requests")

    def test_a_name_is_taken_once_whatever_its_capitals(self, office: Office) -> None:
        first = save(office.caseworker, "Late ones")
        with pytest.raises(Invalid, match="You have a filter of this name already"):
            save(office.caseworker, "  late  ONES ", POLICE)
        other = save(office.caseworker, "answered", POLICE)
        with pytest.raises(Invalid, match="of this name already"):
            rename_filter(office.caseworker, RenameView(view_id=other, name="late ones"))
        rename_filter(office.caseworker, RenameView(view_id=first, name="late ones"))
        save(office.reviewer, "late ones")
        assert [name for name, *_rest in names(office.caseworker)] == ["answered", "late ones"]

    def test_a_name_that_may_be_a_persons_is_refused(self, office: Office) -> None:
        for name in ("Anna Kowalczyk", "943 476 5919", ""):
            with pytest.raises(Invalid):
                save(office.caseworker, name)

    @pytest.mark.parametrize("name", ["943 476 5919", "30.6.84", "", " x", "x" * 41])
    def test_the_database_refuses_a_number_of_a_person_too(self, office: Office, name: str) -> None:
        refused(office, name=name)


class TestWhoChanges:
    """Its owner alone; an administrator those of everyone."""

    def test_nobody_renames_or_deletes_what_is_anothers(self, office: Office) -> None:
        number = save(office.caseworker)
        for role in (Role.REVIEWER, Role.ADMINISTRATOR):
            for does in (rename, delete_filter):
                with pytest.raises(Refused, match="not there any more"):
                    does(office.desk(role), number)
        delete_filter(office.caseworker, number)
        assert saved_filters(office.caseworker) == ()
        with pytest.raises(Refused, match="not there any more"):
            delete_filter(office.caseworker, number)

    def test_only_an_administrator_says_what_everyone_has(self, office: Office) -> None:
        with pytest.raises(Refused, match="Only an administrator"):
            save(office.caseworker, everyones=True)
        number = save(office.desk(Role.ADMINISTRATOR), everyones=True)
        for does in (rename, delete_filter):
            with pytest.raises(Refused, match="only an administrator renames or deletes"):
                does(office.caseworker, number)
        rename(office.desk(Role.ADMINISTRATOR), number)
        assert names(office.caseworker) == [("other", True, False)]
        delete_filter(office.desk(Role.ADMINISTRATOR), number)
        assert names(office.caseworker) == []

    def test_the_journal_says_that_and_never_the_name(self, office: Office) -> None:
        number = save(office.caseworker, "late ones")
        rename(office.caseworker, number)
        delete_filter(office.caseworker, number)
        with office.entry.store.read() as tx:
            said = list(journal.entries(tx, limit=1000))[-3:]
        assert [one.action for one in said] == ["save_filter", "rename_filter", "delete_filter"]
        assert {repr(dict(one.data)) for one in said} == {repr({"everyones": False, "filter": number})}

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
    def test_sql_changes_no_view_of_another(self, office: Office, role: Role) -> None:
        number = save(office.caseworker)
        by = office.desk(role).user.id
        statement(office, "UPDATE saved_view SET name = 'x', saved_by = :by", by=by)
        statement(office, "DELETE FROM saved_view")
        statement(office, "UPDATE saved_view SET choices = '{}', saved_by = owner_id")
        refused(office, owner_id=None, saved_by=office.caseworker.user.id)
        assert [one.id for one in saved_filters(office.caseworker)] == [number]


class TestWhatItHolds:
    """Choices and nothing else, whoever writes them."""

    @pytest.mark.parametrize(
        "choices",
        [
            '{"text":"Kowalczyk"}',
            '{"state":"Kowalczyk"}',
            '{"state":"draft","state":"Kowalczyk"}',
            '{"due":"1984-06-30"}',
            '{"outcome":["traced","Kowalczyk"]}',
            '{"sort":"kowalczyk"}',
            '{"agreement":"anna-kowalczyk"}',
            '{"agreement":{"foi":"kowalczyk"}}',
            '{"body":"kowalczyk"}',
            '{"body":9434765919}',
            '{"open_only":"Kowalczyk"}',
            '{"descending":1984}',
            '["kowalczyk"]',
            "Kowalczyk",
        ],
    )
    def test_the_database_refuses_whatever_was_typed(self, office: Office, choices: str) -> None:
        refused(office, choices=choices)

    @pytest.mark.parametrize(
        "choices",
        ['{"title":"About Kowalczyk"}', '{"Kowalczyk":true}', '{"of":9434765919}', '{"of":"9434765919"}', '{"of":1.5}'],
    )
    def test_so_it_is_for_reports(self, office: Office, choices: str) -> None:
        refused(office, kind="report", choices=choices)

    def test_what_is_said_of_the_columns_is_what_the_file_has(self, office: Office) -> None:
        """A new state or outcome has to come into the constraint by a migration."""
        with office.entry.store.read() as tx:
            query = text("SELECT sql FROM sqlite_master WHERE name = 'saved_view'")
            made = " ".join(tx.execute(query).scalar_one().split())
        assert " ".join(OF_REGISTER.split()) in made
        assert " ".join(NAME.split()) in made
        assert all(f"'{one.value}'" in OF_REGISTER for kind in (State, Outcome, Due, Sort) for one in kind)
        assert {one.info["disposal"] for one in whole_schema().tables["saved_view"].columns} == {"keep"}


def rename(desk: Desk, number: int) -> None:
    rename_filter(desk, RenameView(view_id=number, name="other"))


def insert(office: Office, **changes: Any) -> None:
    by = office.caseworker.user.id
    row = {"kind": "register", "name": "late", "owner_id": by, "choices": '{"due":"late"}', "saved_by": by} | changes
    with office.entry.store.write() as tx:
        sql = (
            "INSERT INTO saved_view (kind, name, name_key, owner_id, choices, saved_by, saved_at)"
            " VALUES (:kind, :name, :name, :owner_id, :choices, :saved_by, '2026-06-10T09:00:00.000000Z')"
        )
        tx.execute(text(sql), row)


def refused(office: Office, **changes: Any) -> None:
    with pytest.raises(RuleKept):
        insert(office, **changes)


def statement(office: Office, sql: str, **values: Any) -> None:
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text(sql), values)


def test_a_sound_row_goes_in(office: Office) -> None:
    """Without it, whatever is refused above might be for another reason."""
    insert(office)
    (one,) = saved_filters(office.caseworker)
    assert isinstance(one, Saved)
    assert one.wanted is not None
    assert one.wanted.due_to == date(2026, 6, 9)
