"""An organisation's own words for parts of its letters, and the standard lines of agreements."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db import journal
from db.errors import RuleKept
from db.records import LetterKind, Outcome, Role, State
from desktop.casework import decisions, issuing, outcomes, reissuing
from desktop.casework.desk import Desk, Done, Invalid, Refused
from desktop.casework.ownwords import (
    ChangeWords,
    change_words,
    changed_kinds,
    letter_text,
)
from desktop.casework.sample import MovingClock
from desktop.casework.verifying import verify_store
from desktop.letters.facts import LetterError, OwnWords
from desktop.letters.pages import render
from desktop.letters.templates import Template, TemplateError
from desktop.letters.words import IN_WELSH, changeable, shipped_text, words
from tests.fixtures import Office, on
from tests.letters.conformance import problems
from tests.letters.factory import letter
from tests.letters.reading import text_of

OPENING = "Thank you for your letter of {received} {request_words}. It was tested against {governed_by}."
NOT_MET: dict[str, Any] = {"answer": "not_met", "reasons": "No.", "evidence": []}

CHANGEABLE = tuple(kind for kind in LetterKind if changeable(kind))


def admin(office: Office) -> Desk:
    return office.desk(Role.ADMINISTRATOR)


def change(office: Office, kind: LetterKind, part: str, english: str | None, **others: Any) -> None:
    now = letter_text(admin(office), kind).parts[part].now
    seen = now.id if now else 0
    command = ChangeWords(kind=kind, part=part, english=english, because="Our house style.", seen=seen)
    change_words(admin(office), replace(command, **others))


def said(preview: issuing.Preview) -> str:
    return printed(preview.pdf)


def printed(pdf: bytes) -> str:
    return " ".join(text_of(pdf).split())


def refused(office: Office) -> Done:
    done = office.submit(office.register(criteria__proportion=NOT_MET))
    return decisions.refuse(office.reviewer, office.decide(done, reasons="No.", because_of=("proportion",)))


def not_traced(office: Office) -> Done:
    done = office.approve(office.submit(office.register(person=1)))
    return outcomes.record(office.caseworker, outcomes.Record(**on(done), outcome=Outcome.NO_TRACE))


@pytest.mark.parametrize("kind", LetterKind, ids=lambda kind: kind.value)
def test_what_protects_the_reader_has_no_words_of_ones_own(kind: LetterKind) -> None:
    """Every merge field that must stand in a protected part stands in one that cannot be changed."""
    template = shipped_text(kind)
    for part in template.changeable.values():
        assert not part.protected
        assert part.text.strip()
    sections = [section for section in template.sections if section.after_sign_off]
    assert not any(part.id for section in sections for part in section.parts)
    for one, in_welsh in changeable(kind).values():
        assert (in_welsh is not None) is (kind in IN_WELSH)
        assert in_welsh is None or in_welsh.merges == one.merges


@pytest.mark.parametrize("kind", CHANGEABLE, ids=lambda kind: kind.value)
def test_a_letter_with_own_words_is_still_archival_and_accessible(kind: LetterKind) -> None:
    own = tuple(
        OwnWords(key, f"In words of our own. {part.text}", f"Yn ein geiriau ein hunain. {cy.text}" if cy else "")
        for key, (part, cy) in changeable(kind).items()
    )
    facts = replace(letter(kind), own_words=own)
    pdf = render(facts)
    assert not problems(pdf)
    always = [part for part in shipped_text(kind).changeable.values() if not part.unless]
    assert printed(pdf).count("In words of our own.") >= len(always)


def test_words_of_ones_own_stand_in_the_next_letter_and_not_in_an_issued_one(office: Office) -> None:
    before = office.in_state(State.ISSUED)
    done = office.release(office.traced(office.approve(office.submit(office.register(person=2)))))
    english = "We looked at your request of {received} about {person}, and {matched} agree. Here is what we may tell."
    change(office, LetterKind.PARTIAL_DISCLOSURE, "opening", english)
    preview = issuing.preview(office.caseworker, done.case_id)
    assert preview.kind is LetterKind.PARTIAL_DISCLOSURE
    assert "Here is what we may tell." in said(preview)
    issued = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    assert "Here is what we may tell." in printed(issuing.read_letter(office.caseworker, issued.case_id))
    assert "Here is what we may tell." not in printed(issuing.read_letter(office.caseworker, before.case_id))
    with office.entry.store.read() as tx:
        entry = next(one for one in journal.entries(tx) if one.action == "issue" and one.case_id == issued.case_id)
    assert entry.data["own_words"] == ["opening"]
    assert verify_store(office.entry).sound


def test_the_desks_words_come_back(office: Office) -> None:
    done = refused(office)
    first = issuing.preview(office.caseworker, done.case_id).pdf
    change(office, LetterKind.REFUSAL, "opening", OPENING)
    assert changed_kinds(admin(office)) == {LetterKind.REFUSAL, LetterKind.NO_TRACE}
    assert issuing.preview(office.caseworker, done.case_id).pdf != first
    change(office, LetterKind.REFUSAL, "opening", None)
    assert issuing.preview(office.caseworker, done.case_id).pdf == first
    assert changed_kinds(admin(office)) == frozenset()
    told = letter_text(admin(office), LetterKind.REFUSAL).changes
    assert [one.english for one in told] == [None, OPENING]
    with pytest.raises(Refused, match="own words already"):
        change(office, LetterKind.REFUSAL, "opening", None)


def test_a_refusal_and_a_no_trace_letter_open_with_the_same_words_whatever_they_are(office: Office) -> None:
    two = refused(office), not_traced(office)
    for kind in (LetterKind.REFUSAL, LetterKind.NO_TRACE):
        english = f"{OPENING} As {kind.name.lower().replace('_', ' ')[:2]} said."
        change(office, kind, "opening", english)
        for done in two:
            assert english[-8:] in said(issuing.preview(office.caseworker, done.case_id))


@pytest.mark.parametrize(
    ("english", "message"),
    [
        ("", "never empty"),
        ("You wrote to us on {received}. We tested it against {governed_by}.", "Keep {request_words}"),
        (OPENING + " It is about {person}.", "Take out {person}"),
        (OPENING + " {", "brace without its partner"),
        (OPENING + " There is a safeguarding marker.", "Take out “safeguard”"),
        (OPENING + "\nA second line.", "line break"),
        (OPENING + " \u202eback", "hidden mark"),
        (OPENING + " \U0001f600", "No font"),
        (OPENING + "x" * 2000, "The most is 2,000"),
    ],
)
def test_words_that_cannot_stand_are_refused_with_what_to_do(office: Office, english: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        change(office, LetterKind.REFUSAL, "opening", english)
    assert message in " ".join(one.message for one in caught.value.problems)
    assert changed_kinds(admin(office)) == frozenset()


HINT = " A safeguarding marker may be on the record."


@pytest.mark.parametrize("kind", CHANGEABLE, ids=lambda kind: kind.value)
def test_no_letter_hints_at_a_record_in_own_words_of_either_language(office: Office, kind: LetterKind) -> None:
    for key, (part, in_welsh) in changeable(kind).items():
        with pytest.raises(Invalid, match="never hints"):
            change(office, kind, key, part.text + HINT)
        if in_welsh is not None:
            for hint in (HINT, " Mae marciwr ar y cofnod."):
                with pytest.raises(Invalid, match="never hints"):
                    change(office, kind, key, part.text, welsh=in_welsh.text + hint)
        own = OwnWords(key, part.text + HINT)
        with pytest.raises(LetterError, match="never hints"):
            words(replace(letter(kind), own_words=(own,)))


def test_what_tells_a_no_trace_from_a_refusal_is_the_desks_to_say() -> None:
    assert set(changeable(LetterKind.NO_TRACE)) == set(changeable(LetterKind.REFUSAL)) == {"opening"}


def test_a_letter_whose_time_is_over_is_not_issued_again(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at += timedelta(days=400)
    with pytest.raises(Refused, match="was to be destroyed by"):
        reissuing.preview_reissue(office.caseworker, reissuing.Reissue(**on(done), why="It was lost in the post."))


def test_markup_in_own_words_is_text(office: Office) -> None:
    done = refused(office)
    change(office, LetterKind.REFUSAL, "opening", f"{OPENING} <b>&amp; /etc/passwd %s</b>")
    assert "<b>&amp; /etc/passwd %s</b>" in said(issuing.preview(office.caseworker, done.case_id))


def test_why_it_was_changed_is_needed_and_a_protected_part_is_not_changed(office: Office) -> None:
    with pytest.raises(Invalid, match="Say why"):
        change(office, LetterKind.REFUSAL, "opening", OPENING, because=" ")
    for part in ("title", "section", "", "rights"):
        command = ChangeWords(kind=LetterKind.REFUSAL, part=part, english=OPENING, because="Why not.")
        with pytest.raises(Refused, match="protected"):
            change_words(admin(office), command)
    with pytest.raises(TemplateError, match="no part"):
        words(replace(letter(LetterKind.REFUSAL), own_words=(OwnWords("rights", "None."),)))
    assert isinstance(shipped_text(LetterKind.CORRECTION), Template)
    assert not changeable(LetterKind.CORRECTION)


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REVIEWER, Role.GUARDIAN, Role.AUDITOR])
def test_only_an_administrator_changes_words(office: Office, role: Role) -> None:
    command = ChangeWords(kind=LetterKind.REFUSAL, part="opening", english=OPENING, because="Ours.")
    with pytest.raises(Refused):
        change_words(office.desk(role), command)
    desk = office.desk(role)
    row = {"by": desk.user.id, "english": OPENING}
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO letter_words (kind, part, english, because, made_by, made_at) "
                "VALUES ('refusal', 'opening', :english, 'Mine.', :by, '2026-06-10T10:00:00.000000Z')"
            ),
            row,
        )


def test_the_store_keeps_every_change(office: Office) -> None:
    change(office, LetterKind.REFUSAL, "opening", OPENING)
    for statement in ("UPDATE letter_words SET english = 'x'", "DELETE FROM letter_words"):
        with pytest.raises(RuleKept), office.entry.store.write() as tx:
            tx.execute(text(statement))


def test_the_second_of_two_editors_is_told(office: Office) -> None:
    change(office, LetterKind.REFUSAL, "opening", OPENING)
    command = ChangeWords(kind=LetterKind.REFUSAL, part="opening", english=f"{OPENING} Two.", because="Mine.", seen=0)
    with pytest.raises(Refused, match="Someone else changed"):
        change_words(admin(office), command)


def test_words_that_no_longer_fit_after_an_update_stop_the_letter(office: Office) -> None:
    done = refused(office)
    change(office, LetterKind.REFUSAL, "opening", OPENING)
    with office.entry.store.write() as tx:
        # As an earlier program could have taken them, whose text had a part or a fact more.
        tx.execute(
            text(
                "INSERT INTO letter_words (kind, part, english, because, made_by, made_at) "
                "VALUES ('refusal', 'gone', 'Of before.', 'Before.', :by, '2026-06-10T10:00:00.000000Z')"
            ),
            {"by": admin(office).user.id},
        )
    preview = issuing.preview(office.caseworker, done.case_id)
    assert preview.pdf == b""
    assert "do not fit this letter" in preview.problems[0]
    assert "gone" in preview.problems[0]
    with pytest.raises(Invalid, match="do not fit"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))


@pytest.mark.parametrize(
    ("kind", "part", "english", "welsh"),
    [
        ("refusal", "opening", f"{OPENING} A m.a.r.k.e.r is set.", None),
        ("refusal", "opening", f"{OPENING} Her \u0430ddress is kept off.", None),
        ("refusal", "opening", OPENING, "Mae marciwr. {received} {request_words} {governed_by}"),
        ("refusal", "opening", "Nothing that must stand.", None),
        ("refusal", "opening", f"{OPENING} " + "x" * 3000, None),
        ("refusal", "rights", "None.", None),
        # The words of the other letter that must read alike stay the desk's.
        ("no_trace", "opening", OPENING, None),
        ("refusal", "opening", OPENING, None),
    ],
)  # fmt: skip
def test_words_put_into_the_store_past_the_desk_stop_the_letter(
    office: Office, kind: str, part: str, english: str, welsh: str | None
) -> None:
    done = (refused if kind == "refusal" else not_traced)(office)
    assert issuing.preview(office.caseworker, done.case_id).problems == ()
    with office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO letter_words (kind, part, english, welsh, because, made_by, made_at) "
                "VALUES (:kind, :part, :english, :welsh, 'Past it.', :by, '2026-06-10T10:00:00.000000Z')"
            ),
            {"kind": kind, "part": part, "english": english, "welsh": welsh, "by": admin(office).user.id},
        )
    preview = issuing.preview(office.caseworker, done.case_id)
    assert preview.pdf == b""
    assert "do not fit this letter" in preview.problems[0]
    with pytest.raises(Invalid, match="do not fit"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))


def test_without_welsh_words_the_letter_goes_in_english_and_says_so(office: Office) -> None:
    done = office.submit(office.register(requester__language="cy", criteria__proportion=NOT_MET))
    done = decisions.refuse(office.reviewer, office.decide(done, reasons="No.", because_of=("proportion",)))
    change(office, LetterKind.REFUSAL, "opening", OPENING)
    preview = issuing.preview(office.caseworker, done.case_id)
    assert "There is no Welsh for" in preview.note
    welsh = "Diolch am eich llythyr dyddiedig {received} {request_words}. Profwyd yn erbyn {governed_by}."
    change(office, LetterKind.REFUSAL, "opening", OPENING, welsh=welsh)
    preview = issuing.preview(office.caseworker, done.case_id)
    assert preview.note == ""
    assert "Diolch am eich llythyr" in said(preview)
    with pytest.raises(Invalid, match="no Welsh text"):
        change(
            office, LetterKind.ANSWER, "opening", shipped_text(LetterKind.ANSWER).changeable["opening"].text, welsh="x"
        )
