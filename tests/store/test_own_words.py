"""An organisation's own words for parts of its letters, and the standard lines of agreements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db import journal
from db.errors import RuleKept
from db.records import LetterKind, Outcome, Role, State
from desktop.casework import decisions, issuing, outcomes, reissuing, writing
from desktop.casework.desk import Desk, Done, Invalid, Refused
from desktop.casework.ownwords import (
    ChangeWords,
    change_words,
    changeable_kinds,
    changed_kinds,
    letter_text,
)
from desktop.casework.sample import MovingClock
from desktop.casework.verifying import verify_store
from desktop.letters.facts import LetterError, OwnWords
from desktop.letters.pages import render
from desktop.letters.templates import Template, TemplateError
from desktop.letters.words import IN_WELSH, changeable, says_too_much, shipped_text, words
from desktop.policy.agreements import AgreementError, decode, load_agreements
from desktop.policy.agreements_standing import lines_on
from tests.fixtures import Office, on
from tests.letters.conformance import problems
from tests.letters.factory import letter
from tests.letters.reading import pages_of, text_of

OPENING = "Thank you for your letter of {received} {request_words}. It was tested against {governed_by}."
NOT_MET: dict[str, Any] = {"answer": "not_met", "reasons": "No.", "evidence": []}


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


@pytest.mark.parametrize("kind", changeable_kinds(), ids=lambda kind: kind.value)
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


@pytest.mark.parametrize("kind", changeable_kinds(), ids=lambda kind: kind.value)
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


# Standard lines

LINE = """
[[standard_lines]]
id = "contact"
letters = ["refusal", "no_trace", "acknowledgement", "disclosure"]
heading = "Our new building"
text = "From July we are at another address."
owner = "the office manager"
valid_from = 2026-01-01
valid_to = 2026-06-30

[statistics]
"""


def with_line(office: Office, line: str = LINE) -> None:
    """The agreement for law enforcement with a standard line, taken in after the cases were."""
    now = load_agreements().get("law-enforcement-tracing")
    after = decode(now.text.replace("[statistics]\n", line), now.id)
    office.entry.agreements.put(after, 0)


def test_a_standard_line_stands_in_the_letters_of_its_days_and_stops_them_after(office: Office) -> None:
    done = refused(office)
    plain = issuing.preview(office.caseworker, done.case_id)
    assert "another address" not in said(plain)
    # The case stays pinned to the text that it was taken on with; its letters have the lines of today.
    with_line(office)
    assert "From July we are at another address." in said(issuing.preview(office.caseworker, done.case_id))
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at += timedelta(days=60)
    assert office.caseworker.today() > date(2026, 6, 30)
    preview = issuing.preview(office.caseworker, done.case_id)
    assert preview.pdf == b""
    (problem,) = preview.problems
    assert "“Our new building”" in problem
    assert "valid until 30 June 2026" in problem
    assert "ask the office manager" in problem
    with pytest.raises(Invalid, match="30 June 2026"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    # The line that follows it, with the same id, lets the letter go again.
    following = LINE.replace("From July we are", "We are now").replace("2026-01-01", "2026-07-01")
    following = following.replace("valid_to = 2026-06-30\n", "")
    with_line(office, LINE.replace("[statistics]\n", "") + following)
    assert "We are now at another address." in said(issuing.preview(office.caseworker, done.case_id))


def test_a_line_whose_first_day_is_to_come_is_not_printed(office: Office) -> None:
    done = refused(office)
    with_line(office, LINE.replace("2026-01-01", "2026-06-29"))
    preview = issuing.preview(office.caseworker, done.case_id)
    assert not preview.problems
    assert "another address" not in said(preview)


def test_a_reissue_has_the_lines_of_its_own_day(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    with_line(office)
    command = reissuing.Reissue(**on(done), why="It was lost in the post.")
    assert "another address" in said(reissuing.preview_reissue(office.caseworker, command))


def test_an_acknowledgement_has_it_too_and_binds_it(office: Office) -> None:
    with_line(office)
    done = office.register()
    command = writing.Write(**on(done), kind=LetterKind.ACKNOWLEDGEMENT)
    assert "another address" in said(writing.preview_written(office.caseworker, command))
    assert writing.write(office.caseworker, command).state is State.DRAFT
    assert verify_store(office.entry).sound


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('owner = "the office manager"', 'owner = " "', "this cannot be empty"),
        ('"no_trace", ', "", "would tell them apart"),
        ('"disclosure"]', '"debt_notice"]', "no letter “debt_notice”"),
        ("another address.", "another address, {person}.", "no merge fields"),
        ("valid_to = 2026-06-30", "valid_to = 2025-06-30", "ends before it begins"),
        ("valid_to = 2026-06-30", "", "valid on one day"),
        ("valid_to = 2026-06-30", 'valid_to = 2026-06-30\nwelsh = "Cyfeiriad"', "the heading and the text in Welsh"),
        ('id = "contact"\n', 'id = "contact"\nweight = 3\n', "no such key"),
    ],
)
def test_a_line_that_is_wrong_is_named_with_its_place(old: str, new: str, message: str) -> None:
    now = load_agreements().get("law-enforcement-tracing")
    assert old in LINE
    line = LINE.replace(old, new)
    if "one day" in message:
        line = line.replace("[statistics]\n", "") + LINE
    with pytest.raises(AgreementError, match="standard_lines") as caught:
        decode(now.text.replace("[statistics]\n", line), now.id)
    assert message in str(caught.value)
    assert caught.value.line > 0


def test_pages_of_a_letter_with_a_line_are_well_made(office: Office) -> None:
    with_line(office)
    pdf = issuing.preview(office.caseworker, refused(office).case_id).pdf
    assert not problems(pdf)
    assert "Our new building" in pages_of(pdf)[-1]


SHIPPED = {
    "sar": LetterKind.SAR_ANSWER,
    "nhs-debt-report": LetterKind.ANSWER,
    "nhs-status-check": LetterKind.STATUS_ANSWER,
}


def test_shipped_lines_have_an_owner_a_source_their_days_and_welsh() -> None:
    with_lines = {one.id: one.standard_lines for one in load_agreements().all() if one.standard_lines}
    assert with_lines.keys() == SHIPPED.keys()
    for agreement, lines in with_lines.items():
        for line in lines:
            assert line.letters == (SHIPPED[agreement],)
            assert all((line.owner, line.source, line.valid_from, line.welsh, line.welsh_heading))
            assert not says_too_much(f"{line.heading} {line.text} {line.welsh_heading} {line.welsh}")
        valid, stale = lines_on(lines, SHIPPED[agreement], date(2026, 12, 1))
        assert (len(valid), stale) == (1, ())


def test_the_line_of_subject_access_follows_the_law_of_the_letters_day() -> None:
    lines = load_agreements().get("sar").standard_lines
    for on_day, regulation in (
        (date(2020, 12, 31), "of the General Data Protection Regulation"),
        (date(2021, 1, 1), "of the UK General Data Protection Regulation"),
    ):
        ((line,), stale) = lines_on(lines, LetterKind.SAR_ANSWER, on_day)
        assert stale == ()
        assert regulation in line.text
    assert lines_on(lines, LetterKind.SAR_ANSWER, date(2018, 5, 24)) == ((), ())
