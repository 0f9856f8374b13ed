"""What a requester reads: no letter shows that a marker, a concern or a named risk stands behind it."""

from __future__ import annotations

import io
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import text as sql

from db.casereads import load_case, salt_of
from db.journal import digest
from db.records import Json, LetterKind, Outcome, State
from desktop.casework import decisions, issuing, outcomes, writing
from desktop.casework.desk import Done
from desktop.casework.interimfacts import interim_facts, own_facts
from desktop.casework.letterfacts import facts_for, file_id, letter_kind
from desktop.casework.requests import agreement_of
from desktop.letters.content import Words
from desktop.letters.facts import ItemRow, LetterError, LetterFacts
from desktop.letters.templates import TemplateError, decode
from desktop.letters.words import _MERGES, words
from resources import resource
from tests.fixtures import Office, on
from tests.journeys import rectification
from tests.journeys.walking import write_command
from tests.letters.conformance import structure
from tests.letters.factory import letter
from tests.letters.reading import chars_of, lines_of, metadata_of, pages_of, text_of
from tests.store.test_safeguarding import NAME, approved, escalated, flagged, raise_concern, record

TELL_TALE = (
    "safeguard", "marker", "flag", "sensitive", "protected", "guardian decided", "risk", "danger", "concern", "abuse",
    "trafficking", "witness", "child", "restricted", "Okafor", "kept off", "withheld", "screen",
)  # fmt: skip
NOT_MET: dict[str, Any] = {"answer": "not_met", "reasons": "No.", "evidence": []}
RISK: dict[str, Json] = {
    "safeguarding__risk_who": "DS Amara Okafor",
    "safeguarding__risk_why": "Former partner: a danger to the person.",
}


def facts_of(office: Office, done: Done) -> LetterFacts:
    desk = office.caseworker
    with desk.store.read() as tx:
        case = load_case(tx, done.case_id)
        agreement = agreement_of(desk, tx, case)
        return facts_for(tx, case, agreement, letter_kind(case, agreement), None, desk.today())


def refused_for_a_marker(office: Office) -> Done:
    done = escalated(office, flagged(office, **RISK))
    command = office.decide(done, reasons="She hides from the officer who asks.", because_of=("safeguarding",))
    return decisions.refuse(office.guardian, command)


def refused_in_the_public_interest(office: Office) -> Done:
    done = office.submit(office.register(criteria__proportion=NOT_MET))
    return decisions.refuse(office.reviewer, office.decide(done, reasons="No.", because_of=("proportion",)))


def no_trace(office: Office, *, concern: bool) -> Done:
    done = approved(office, flagged(office, **RISK)) if concern else office.approve(office.submit(office.register()))
    return outcomes.record(office.caseworker, outcomes.Record(**on(done), outcome=Outcome.NO_TRACE))


def shape(made: Words) -> list[object]:
    """All that a letter is made of but its words: headings, and how many paragraphs of which kind under each."""
    sections = (*made.sections, *made.after_sign_off)
    return [
        made.title, made.marking, made.ending, len(made.references), made.sign_off,
        [(one.heading, [block.role for block in one.blocks], one.keep_together) for one in sections],
    ]  # fmt: skip


def plain(office: Office, done: Done) -> str:
    """The text of the very bytes, without the case's own references."""
    pdf = issuing.preview(office.caseworker, done.case_id).pdf
    text = " ".join(text_of(pdf).split())
    return re.sub(r"TR-\d{6}-\d", "REFERENCE", text)


def test_a_refusal_for_a_marker_cannot_be_told_from_one_in_the_public_interest_or_no_trace(office: Office) -> None:
    # The named risk brings every later request of that unit to the guardian, so the others come first.
    cases = {
        "public interest": refused_in_the_public_interest(office),
        "no trace": no_trace(office, concern=False),
        "marker": refused_for_a_marker(office),
        "no trace of someone in danger": no_trace(office, concern=True),
    }
    made = {name: words(facts_of(office, done)) for name, done in cases.items()}
    shapes = {name: shape(one) for name, one in made.items()}
    assert (
        shapes["marker"] == shapes["public interest"] == shapes["no trace"] == shapes["no trace of someone in danger"]
    )
    texts = {name: plain(office, done) for name, done in cases.items()}
    assert texts["no trace"] == texts["no trace of someone in danger"]
    for name, text in texts.items():
        told = [word for word in TELL_TALE if word.casefold() in text.casefold()]
        assert told == [], name
    assert texts["marker"] == texts["public interest"]
    # Against no trace, the texts differ in the one paragraph under "Why", and nowhere else.
    why = {name: " ".join(made[name].sections[1].blocks[0].text.split()) for name in made}
    assert {text.replace(why[name], "WHY") for name, text in texts.items()} == {
        texts["marker"].replace(why["marker"], "WHY")
    }


def tree(pdf: bytes, folder: Path) -> list[str]:
    """The elements that a screen reader goes through, without their words."""
    return [line.strip() for line in structure(pdf, folder).splitlines() if not line.strip().startswith('"')]


def test_nor_by_its_pages_its_size_or_what_its_file_says_of_itself(office: Office, tmp_path: Path) -> None:
    cases = {
        "public interest": refused_in_the_public_interest(office),
        "no trace": no_trace(office, concern=False),
        "marker": refused_for_a_marker(office),
        "no trace of someone in danger": no_trace(office, concern=True),
    }
    made = {name: issuing.preview(office.caseworker, done.case_id).pdf for name, done in cases.items()}
    assert len({len(pages_of(pdf)) for pdf in made.values()}) == 1
    trees = [tree(pdf, tmp_path) for pdf in made.values()]
    assert all(one == trees[0] for one in trees)
    heads = []
    for pdf in made.values():
        lines = [(round(base), line) for base, line in lines_of(chars_of(pdf, 0))]
        # From the top to the first heading, every line is at the same height.
        heads.append([base for base, _line in lines[: [line for _, line in lines].index("Why")]])
    assert all(one == heads[0] for one in heads)
    lengths = [len(text_of(pdf)) for pdf in made.values()]
    assert max(lengths) - min(lengths) <= 120, "one sentence more or less"
    sizes = [len(pdf) for pdf in made.values()]
    assert max(sizes) - min(sizes) < 2_000, "what a few letters more in a font take"
    described = [{**metadata_of(pdf), "Title": ""} for pdf in made.values()]
    assert all(one == described[0] for one in described)


def named_by(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (first, _second) = document.trailer.ID
        return bytes(first).hex()


@pytest.mark.parametrize("marked", [False, True], ids=["ordinary", "marker"])
def test_no_guess_at_a_concern_can_be_tried_out_on_the_file(office: Office, marked: bool) -> None:
    desk = office.caseworker
    done = flagged(office, **RISK) if marked else office.submit(office.register())
    command = write_command(done, LetterKind.ACKNOWLEDGEMENT)
    seen = writing.preview_written(desk, command).pdf
    done = writing.write(desk, command)
    with desk.store.read() as tx:
        case = load_case(tx, done.case_id)
        facts = interim_facts(desk, tx, agreement_of(desk, tx, case), case, LetterKind.ACKNOWLEDGEMENT, "", "")
        salt = salt_of(tx, done.case_id)
    pdf = issuing.read_letter(desk, done.case_id, case.letters[0].id)
    assert facts.address_kept_off is marked
    for guess in (facts, replace(facts, address_kept_off=False, withheld=()), replace(facts, address_kept_off=True)):
        assert named_by(pdf) != digest(own_facts(guess))
    assert named_by(pdf) == named_by(seen) == facts.file_id == file_id(salt, case.letters[0].snapshot_hash)


def test_no_letter_that_answers_has_a_plain_hash_of_the_case_in_it(office: Office) -> None:
    hashes = "SELECT snapshot_hash FROM submission UNION SELECT snapshot_hash FROM finding"
    pdfs = [issuing.preview(office.caseworker, office.in_state(State.RELEASED).case_id).pdf]
    done = refused_for_a_marker(office)
    both = (no_trace(office, concern=True), done)
    pdfs += [issuing.preview(office.caseworker, one.case_id).pdf for one in both]
    done = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    pdfs.append(issuing.read_letter(office.caseworker, done.case_id))
    with office.entry.store.read() as tx:
        known = [str(one) for one in tx.execute(sql(hashes)).scalars()]
    assert len(known) == 5, "each submission and each finding has its own"
    for pdf in pdfs:
        assert len(named_by(pdf)) == 64
        assert not [one for one in known if one.encode() in pdf.lower() or bytes.fromhex(one) in pdf]
    assert named_by(pdfs[-2]) == named_by(pdfs[-1]), "as it was previewed"


def test_a_disclosure_without_the_address_reads_as_one_for_which_it_was_not_proposed(office: Office) -> None:
    asked: dict[str, Json] = {"asked__items": ["name", "address"]}
    kept_off = record(office, approved(office, flagged(office)), name=NAME)
    number: dict[str, Json] = {"person__nhs_number": "943 476 5870"}  # somebody else, of the same name
    ordinary = office.submit(office.register(**asked, **number, release__items=["name"]))  # type: ignore[arg-type]
    ordinary = record(office, office.approve(ordinary), name=NAME)
    made = [words(facts_of(office, done)) for done in (kept_off, ordinary)]
    assert shape(made[0]) == shape(made[1])
    # Every disclosure has that marking at its head and foot.
    text = plain(office, kept_off).replace("OFFICIAL-SENSITIVE", "")
    assert [word for word in TELL_TALE if word.casefold() in text.casefold()] == []
    assert "address agree" not in text
    told = plain(office, ordinary).replace("OFFICIAL-SENSITIVE", "")
    assert told.replace("the name, the date of birth and the address", "the name and the date of birth") == text


def kept_off_facts(office: Office) -> LetterFacts:
    return facts_of(office, record(office, approved(office, flagged(office)), name=NAME))


def test_the_letter_builder_prints_no_address_whatever_its_text_asks_for(office: Office) -> None:
    facts = kept_off_facts(office)
    shipped = resource("letters", "disclosure.toml").read_text("utf-8")
    hostile = shipped.replace('title = "', 'title = "{address} ', 1)
    with pytest.raises(TemplateError, match="no merge field"):
        decode(hostile, "disclosure.toml", _MERGES)
    # A text that may ask for it finds nothing to merge, and stops.
    asking = decode(hostile, "disclosure.toml", _MERGES | {"address"})
    with pytest.raises(LetterError, match="has no address"):
        words(facts, asking)
    # One that has the address in its own words is not printed either.
    (line, *_) = facts.withheld
    telling = decode(shipped.replace('title = "', f'title = "{line.upper()} ', 1), "disclosure.toml", _MERGES)
    with pytest.raises(LetterError, match="kept off this letter"):
        words(facts, telling)


@pytest.mark.parametrize("field", ["person", "status_answer", "purpose", "gateway", "matched", "salutation"])
def test_no_fact_brings_the_address_in(office: Office, field: str) -> None:
    facts = kept_off_facts(office)
    line = facts.withheld[0]
    value: Any = (line,) if field == "matched" else f"of {line}"
    changed = replace(facts, **{field: value})
    if field == "status_answer":
        template = decode(
            resource("letters", "disclosure.toml")
            .read_text("utf-8")
            .replace('title = "', 'title = "{status_answer} ', 1),
            "disclosure.toml",
            _MERGES,
        )
        with pytest.raises(LetterError, match="kept off this letter"):
            words(changed, template)
    else:
        with pytest.raises(LetterError, match="kept off this letter"):
            words(changed)


def test_an_item_that_tells_where_stops_the_letter(office: Office) -> None:
    facts = kept_off_facts(office)
    row = ItemRow("Last known address", "27 Ropewalk Court", "19 January 2016", tells_where=True)
    with pytest.raises(LetterError, match="kept off this letter"):
        words(replace(facts, items=(*facts.items, row)))
    assert words(replace(facts, items=(*facts.items, row), address_kept_off=False)).title


def test_a_named_risk_is_in_no_letter_of_any_kind(office: Office) -> None:
    done = flagged(office, **RISK)
    for kind in (LetterKind.REFUSAL, LetterKind.REJECTION):
        pdf = issuing.preview(office.guardian, done.case_id, kind, ("authorised", "safeguarding")).pdf
        text = text_of(pdf)
        assert "Okafor" not in text
        assert "Former partner" not in text


def test_a_concern_raised_after_the_release_keeps_the_address_off_the_notice_of_a_correction(office: Office) -> None:
    given = office.in_state(State.ISSUED)
    done = rectification.released(office, given)
    raise_concern(office, given)
    said = rectification.notice_text(office, rectification.tell(office, done))
    assert rectification.WAS not in said
    assert "Tannery" not in said


@pytest.mark.parametrize("kind", LetterKind)
def test_no_kind_of_letter_has_a_kept_off_address_whatever_its_text_is(kind: LetterKind) -> None:
    line = "14 Cooper Yard"
    facts = letter(kind, address_kept_off=True, withheld=(line,))
    assert words(facts).title
    shipped = resource("letters", f"{kind.value}.toml").read_text("utf-8")
    for text in ("14 COOPER YARD", "14, Cooper-Yard.", "fourteen {caseworker}"):
        told = replace(facts, caseworker=line)
        changed = decode(shipped.replace('text = "', f'text = "{text} ', 1), f"{kind.value}.toml", _MERGES)
        with pytest.raises(LetterError, match="kept off this letter"):
            words(told, changed)


@pytest.mark.parametrize("kind", LetterKind)
def test_no_fact_brings_a_kept_off_address_into_any_kind_of_letter(kind: LetterKind) -> None:
    line = "14 Cooper Yard"
    facts = letter(kind, address_kept_off=True, withheld=(line,))
    texts = {one.name for one in fields(LetterFacts) if isinstance(getattr(facts, one.name), str)}
    changes: dict[str, Any] = dict.fromkeys(texts - {"kind", "replaces", "out_of_date", "told_where"}, f"of {line}")
    listed = ("said", "reasons", "not_given", "rights", "complaint", "conditions")
    changes |= dict.fromkeys(listed, (f"It is {line}.",))
    stopped = set()
    for name, value in changes.items():
        made = replace(facts, replaces="letter 12" if name == "why_replaced" else "")
        made = replace(made, **{name: value})
        if any(line in piece.replace("\u00a0", " ") for piece in words(replace(made, withheld=())).own_texts()):
            stopped.add(name)
            with pytest.raises(LetterError, match="kept off this letter"):
                words(made)
    assert {"salutation", "why_replaced"} <= stopped
    for told in (replace(facts, reference=f"of {line}"), replace(facts, their_reference=f"of {line}")):
        with pytest.raises(LetterError, match="kept off this letter"):
            words(told)
