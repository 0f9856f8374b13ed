"""Signing in, locking out, and what administrators do about people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db.records import Role
from desktop.casework import accounts
from desktop.casework.accounts import NewUser
from desktop.casework.desk import Invalid, Refused
from desktop.casework.sample import MovingClock, sample_password, sample_users
from tests.fixtures import Office

NEW = NewUser("new.person", "New Person", Role.REVIEWER, "seven tall lanterns")


def test_everyone_of_the_sample_signs_in(office: Office) -> None:
    assert {one.role for one in sample_users()} == set(Role)
    for one in sample_users():
        assert accounts.sign_in(office.entry, one.username.upper(), sample_password()).user.name == one.name


@pytest.mark.parametrize("username", ["", "nobody", "' OR 1=1 --", "ruth.adeyemi"])
def test_a_wrong_name_or_password_is_refused_in_the_same_words(office: Office, username: str) -> None:
    with pytest.raises(Refused, match="The user name or the password is not right"):
        accounts.sign_in(office.entry, username, "wrong")


def test_five_wrong_passwords_lock_the_account_for_15_minutes(office: Office) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(Refused, match=f"{left} (try|tries) left"):
            accounts.sign_in(office.entry, "ruth.adeyemi", "wrong")
    with pytest.raises(Refused, match="locked for 15 minutes"):
        accounts.sign_in(office.entry, "ruth.adeyemi", "wrong")
    with pytest.raises(Refused, match="locked"):
        accounts.sign_in(office.entry, "ruth.adeyemi", sample_password())
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at += timedelta(minutes=15)
    assert accounts.sign_in(office.entry, "ruth.adeyemi", sample_password()).user.name == "Ruth Adeyemi"
    with office.entry.store.read() as tx:
        actions = set(tx.execute(text("SELECT action FROM journal")).scalars())
    assert {"sign_in_failed", "account_locked", "sign_in"} <= actions


def test_an_administrator_adds_a_person_who_changes_the_first_password(office: Office) -> None:
    administrator = office.desk(Role.ADMINISTRATOR)
    accounts.add_user(administrator, NEW)
    desk = accounts.sign_in(office.entry, "New.Person", NEW.password)
    assert desk.user.must_change_password
    with pytest.raises(Invalid, match="differs"):
        accounts.change_password(desk, NEW.password, NEW.password)
    with pytest.raises(Invalid, match="not your password"):
        accounts.change_password(desk, "wrong", "another long sentence")
    changed = accounts.change_password(desk, NEW.password, "another long sentence")
    assert not changed.user.must_change_password
    assert not accounts.sign_in(office.entry, "new.person", "another long sentence").user.must_change_password


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (replace(NEW, username="ruth.adeyemi"), "username"),
        (replace(NEW, username=" RUTH.ADEYEMI "), "username"),
        (replace(NEW, username=""), "username"),
        (replace(NEW, username="a b"), "username"),
        (replace(NEW, username="x" * 61), "username"),
        (replace(NEW, name="  "), "name"),
        (replace(NEW, password="short"), "password"),
        (replace(NEW, password="new.person"), "password"),
    ],
)
def test_a_wrong_account_is_said_beside_its_field(office: Office, new: NewUser, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        accounts.add_user(office.desk(Role.ADMINISTRATOR), new)
    assert caught.value.problems[0].field == field
    assert len(accounts.users(office.entry)) == len(Role) + 1, "two records officers"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_manage_people(office: Office, role: Role) -> None:
    desk = office.desk(role)
    for call in (
        lambda: accounts.add_user(desk, NEW),
        lambda: accounts.set_active(desk, 1, active=False),
        lambda: accounts.reset_password(desk, 1, "another long sentence"),
        lambda: accounts.save_organisation(desk, accounts.organisation(office.entry)),
    ):
        with pytest.raises(Refused, match="Your role"):
            call()


def test_switching_off_and_resetting(office: Office) -> None:
    administrator = office.desk(Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="your own account"):
        accounts.set_active(administrator, administrator.user.id, active=False)
    accounts.set_active(administrator, office.caseworker.user.id, active=False)
    with pytest.raises(Refused, match="not right"):
        accounts.sign_in(office.entry, "ruth.adeyemi", sample_password())
    accounts.set_active(administrator, office.caseworker.user.id, active=True)
    accounts.reset_password(administrator, office.caseworker.user.id, "another long sentence")
    assert accounts.sign_in(office.entry, "ruth.adeyemi", "another long sentence").user.must_change_password


def test_the_organisation_keeps_what_letters_need(office: Office) -> None:
    administrator = office.desk(Role.ADMINISTRATOR)
    now = accounts.organisation(office.entry)
    with pytest.raises(Invalid, match="signs the letters"):
        accounts.save_organisation(administrator, replace(now, signatory_name=" "))
    accounts.save_organisation(administrator, replace(now, phone="01632 960999", sample=False))
    kept = accounts.organisation(office.entry)
    assert kept.phone == "01632 960999"
    assert kept.sample is True


def test_the_organisations_welsh_is_kept_and_may_be_left_out(office: Office) -> None:
    administrator = office.desk(Role.ADMINISTRATOR)
    now = accounts.organisation(office.entry)
    assert (now.hours_welsh, now.signatory_title_welsh) == ("9yb i 5yp, dydd Llun i ddydd Gwener", "Pennaeth Datgelu")
    every: list[dict[str, Any]] = [{"hours_welsh": "9yb i 5yp"}, {"hours_welsh": "", "signatory_title_welsh": " "}]
    for changes in every:
        accounts.save_organisation(administrator, replace(now, **changes))
        kept = accounts.organisation(office.entry)
        assert (kept.hours_welsh, kept.signatory_title_welsh) == (
            changes["hours_welsh"], changes.get("signatory_title_welsh", now.signatory_title_welsh).strip()
        )  # fmt: skip
    for field in ("hours_welsh", "signatory_title_welsh"):
        wrong: dict[str, Any] = {field: "9yb\u202e"}
        with pytest.raises(Invalid) as caught:
            accounts.save_organisation(administrator, replace(now, **wrong))
        assert [problem.field for problem in caught.value.problems] == [field]


def test_unlocking_takes_ones_own_password(office: Office) -> None:
    assert accounts.verify_password(office.caseworker, sample_password())
    assert not accounts.verify_password(office.caseworker, "wrong")
