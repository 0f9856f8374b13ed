"""The shipped retention rules on real cases: a debt that is settled, a share code that expires, an answer reviewed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.records import Action, Json, LetterKind, State
from desktop.casework import disposal, issuing, settling, writing
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done
from desktop.casework.register import timers
from desktop.casework.retentionrules import retention_rules
from desktop.cli import run
from desktop.policy.clocks import add_months
from desktop.policy.dates import date_boxes
from tests.fixtures import Office, on
from tests.journeys.walking import approved, follow, recorded, registered, write_command
from tests.store.disposing import destroyed, faults, many_closed, pass_days, state_of
from tests.store.test_transferring import PHRASE, TO, handing_over, packages, sealing
from tests.store.test_triggers import day_of, the_timer


def issued(office: Office, agreement_id: str, answer_id: str, **changes: object) -> Done:
    """A case of an agreement that was given this answer, as far as the letter that closes it."""
    agreement = office.entry.agreements.get(agreement_id)
    answer = agreement.answer(answer_id)
    done = registered(office, agreement, **changes) if changes else approved(office, agreement, answer)  # type: ignore[arg-type]
    if changes:
        done = office.approve(office.submit(done))
    done = office.release(recorded(office, agreement, done, answer))
    if answer is not None and answer.to_person is LetterKind.DEBT_NOTICE:
        done = writing.write(office.caseworker, write_command(done, LetterKind.DEBT_NOTICE))
        letter = case_page(office.caseworker, done.case_id).case.letters[-1]
        done = office.sent(done, letter.id)
    return issuing.issue(office.caseworker, issuing.Issue(**on(done)))


def test_a_reported_debt_is_kept_until_it_is_settled_and_three_years_from_then(office: Office) -> None:
    done = issued(office, "nhs-debt-report", "reported")
    closed = day_of(office)
    one = the_timer(office, done)
    assert (one.trigger, one.waits, one.due_on) == ("debt_settled", True, add_months(closed, 72))
    pass_days(office, 200)
    paid = day_of(office) - timedelta(days=1)
    page = case_page(office.caseworker, done.case_id)
    assert page.actions[Action.SETTLE] == ""
    settling.settle(
        office.caseworker, settling.Settle(**on(Done(done.case_id, page.case.row.version, done.state)), on=paid)
    )
    assert the_timer(office, done).due_on == add_months(paid, 36)
    pass_days(office, 3 * 366)
    assert destroyed(office, done).destroyed == 1
    assert state_of(office, done) is State.DESTROYED
    (item,) = disposal.run_items(office.officers[0], 1)
    assert item.due_on == add_months(paid, 36)
    assert item.rule.startswith("3 years after the debt is settled")
    assert not faults(office)


def test_a_debt_that_was_not_reported_waits_for_nothing(office: Office) -> None:
    done = issued(office, "nhs-debt-report", "not_yet")
    one = the_timer(office, done)
    assert (one.trigger, one.due_on) == ("letter_issued", add_months(day_of(office), 36))
    assert one.rule == "3 years after the letter is issued"


@pytest.mark.parametrize("made_on", [date(2026, 5, 20), None])
def test_a_check_with_a_share_code_is_kept_from_the_last_day_of_the_code(office: Office, made_on: date | None) -> None:
    agreement = office.entry.agreements.get("right-to-work-check")
    unsaid: dict[str, Json] = {"day": "", "month": "", "year": ""}
    more = {"code__made_on": date_boxes(made_on) if made_on else unsaid}
    done = issued(office, agreement.id, agreement.answers[0].id, **more)
    received = case_page(office.caseworker, done.case_id).case.row.received_on
    expires = (made_on or received or date.max) + timedelta(days=90)
    one = the_timer(office, done)
    assert (one.trigger, one.happened_on) == ("share_code_expired", expires)
    assert one.due_on == add_months(max(expires, day_of(office)), 36)


def test_an_answer_under_the_act_that_is_reviewed_is_kept_for_six_years(office: Office) -> None:
    done = issued(office, "foi", "given") if office.entry.agreements.get("foi").answer("given") else None
    assert done is not None
    assert the_timer(office, done).due_on == add_months(day_of(office), 36)
    review = registered(office, office.entry.agreements.get("foi"), ground__ground="review")
    follow(office, review, done)
    assert the_timer(office, done).due_on == add_months(day_of(office), 72)
    assert "6 years if the answer is looked at again" in timers(office.officers[0])[0].timer.rule


def test_the_register_has_every_rule_with_its_class_authority_and_source(office: Office) -> None:
    rows = retention_rules(office.officers[0])
    assert len(rows) == len(office.entry.agreements.all())
    assert all(row.record and row.starts and row.period and row.authority and "http" in row.source for row in rows)


def test_a_package_is_opened_on_the_command_line_without_a_store(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (done,) = many_closed(office, 1)
    disposal.carry_out(office.officers[0], handing_over(office, done), sealing=sealing(tmp_path))
    (file,) = packages(tmp_path)
    command = ["open-package", str(file), "--out", str(tmp_path / "theirs")]
    monkeypatch.setenv("TRACING_DESK_PACKAGE_PASSPHRASE", "not this one")
    assert run([*command]) == 1
    assert "does not open" in capsys.readouterr().err
    monkeypatch.setenv("TRACING_DESK_PACKAGE_PASSPHRASE", PHRASE)
    assert run([*command, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["reference"], said["to"]) == (file.stem, TO)
    assert (tmp_path / "theirs" / "case.json").is_file()
    assert run([*command]) == 1, "the folder is there already"
    capsys.readouterr()
    assert run(["open-package", str(file), "--out", str(tmp_path / "again")]) == 0
    assert f"{file.stem}, handed over by" in capsys.readouterr().out
    assert run(["open-package", str(tmp_path / "theirs" / "case.json"), "--out", str(tmp_path / "no")]) == 1
    assert "no package" in capsys.readouterr().err
