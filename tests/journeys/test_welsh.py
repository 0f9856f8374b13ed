"""Letters in Welsh and in English, for whoever prefers Welsh; in large print for whoever needs it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from db.records import Extension, LetterKind, Outcome, Pause
from desktop.casework import decisions, interimfacts, issuing, outcomes, writing
from desktop.casework.desk import Done
from desktop.casework.letterfacts import MATCHED_WORDS, NOBODY_ASKED
from desktop.letters import welsh
from desktop.letters.facts import ItemRow, LetterFacts
from desktop.letters.pages import render
from desktop.letters.templates import MERGE, load
from desktop.letters.words import _MERGES, IN_WELSH, why_not_in_welsh
from desktop.policy.agreements import Agreement, load_agreements
from desktop.policy.calendars import load_calendars
from desktop.policy.clocks import clock_words, due
from desktop.policy.retention import period_words
from desktop.policy.wording import join_and, lower_first
from tests.fixtures import Office, on
from tests.journeys.test_subject_access import asked, recorded, references
from tests.journeys.walking import recorded as walked_to_answer
from tests.journeys.walking import registered
from tests.letters.conformance import elements, problems, read_aloud, structure
from tests.letters.factory import bilingual, letter
from tests.letters.reading import pages_of, text_of

__all__ = ["asked"]  # a fixture
NOT_MET: dict[str, Any] = {"answer": "not_met", "reasons": "No.", "evidence": []}
CY: dict[str, Any] = {"requester__language": "cy"}
BORN = (
    "born 4 November 1991",
    "born March 1979, day not known",
    "born 1979, day and month not known",
    "date of birth not known",
)


def preview(office: Office, done: Done) -> issuing.Preview:
    return issuing.preview(office.caseworker, done.case_id)


def disclosure(office: Office) -> issuing.Preview:
    return preview(office, office.release(office.traced(office.approve(office.submit(office.register(**CY))))))


def refusal(office: Office) -> issuing.Preview:
    done = office.submit(office.register(**CY, criteria__proportion=NOT_MET))
    command = office.decide(done, reasons="No.", because_of=("proportion",))
    return preview(office, decisions.refuse(office.reviewer, command))


def no_trace(office: Office) -> issuing.Preview:
    done = office.approve(office.submit(office.register(**CY)))
    recorded = outcomes.record(office.caseworker, outcomes.Record(**on(done), outcome=Outcome.NO_TRACE))
    return preview(office, recorded)


def other_refusal(office: Office) -> issuing.Preview:
    """Of an agreement with words of its own, on a criterion that a refusal may rest on and a rejection as well."""
    done = office.submit(office.register("nhs-status-check", "trust", 0, date(2026, 6, 1), **CY))
    because = ("authorised", "no_other_way")
    return issuing.preview(office.reviewer, done.case_id, LetterKind.REFUSAL, because)


def acknowledgement(office: Office) -> issuing.Preview:
    command = writing.Write(**on(office.register(**CY)), kind=LetterKind.ACKNOWLEDGEMENT)
    return writing.preview_written(office.caseworker, command)


LETTERS: dict[str, tuple[Callable[[Office], issuing.Preview], tuple[str, ...]]] = {
    "disclosure": (disclosure, ("Yr hyn y gallwn ei ddweud wrthych", "Y cyfeiriad diwethaf sy’n hysbys")),
    "refusal": (refusal, ("Pam", "budd y cyhoedd", "Gwarcheidwad Caldicott")),
    "refusal of a status check": (
        other_refusal,
        ("ar ran yr ymddiriedolaeth", "cadarnhau’r statws drwy ddulliau eraill"),
    ),
    "no trace": (no_trace, ("Chwiliwyd ein cofnodion", "Eich hawl i adolygiad")),
    "acknowledgement": (acknowledgement, ("erbyn dydd Mawrth 30 Mehefin 2026 fan bellaf", "20 diwrnod gwaith")),
}


@pytest.mark.parametrize("name", LETTERS)
def test_whoever_prefers_welsh_gets_welsh_then_english_in_one_letter(name: str, office: Office, tmp_path: Path) -> None:
    make, expected = LETTERS[name]
    made = make(office)
    assert (made.problems, made.note) == ((), "")
    assert problems(made.pdf) == []
    said = read_aloud(made.pdf, tmp_path)
    begins, turns = said.index("Annwyl "), said.index("Dear ")
    assert begins < said.index("Diwedd y llythyr") < turns < said.index("End of letter")
    in_welsh = said[begins : said.index("Diwedd y llythyr")]
    for words in expected:
        assert words in in_welsh
    assert not re.search(r"\b(the|and|your|request|January|June)\b", in_welsh), in_welsh
    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        parts = [one for one in document.Root.StructTreeRoot.K.K if one.get("/S") == "/Sect"]
        assert [str(one.Lang) for one in parts] == ["cy", "en-GB"]
    assert structure(made.pdf, tmp_path).count("H1 (block)") == 2
    assert "Tudalen 1 o" in text_of(made.pdf)
    assert "Dyddiad / Date" in text_of(made.pdf)


def test_an_answer_to_a_subject_access_request_is_in_both(
    office: Office, asked: tuple[Done, Done, Done, Done], tmp_path: Path
) -> None:
    told, _kept, _other, mine = asked
    (reference,) = references(office, told)
    done = office.save(mine, register__told=[reference], register__why="It would tip them off.", **CY)
    done = office.release(recorded(office, office.approve(office.submit(done))))
    made = preview(office, done)
    assert (made.problems, made.note) == ((), "")
    assert problems(made.pdf) == []
    said = read_aloud(made.pdf, tmp_path)
    assert "Yr hyn y gofynnwyd i ni amdanoch chi" in said
    assert "o leiaf 3 blynedd" in said
    in_welsh, in_english = said.split("Diwedd y llythyr")
    assert "gofynnodd Northshire Police, o dan “Ceisiadau olrhain gan gyrff gorfodi’r gyfraith”" in in_welsh
    assert "Rhoesom y canlynol iddynt ar " in in_welsh
    assert "asked, under" not in in_welsh
    assert "What we were asked about you" in in_english
    assert "Northshire Police asked, under “Tracing requests from law enforcement bodies”" in in_english


def test_what_the_register_says_of_any_agreement_has_its_welsh() -> None:
    for one in load_agreements().all():
        labels = [lower_first(item.label) for item in one.items]
        said = (
            f"1 May 2026: Eastmoor Police asked, under “{one.title}”. We gave them {join_and(labels)} on 2 May 2026. "
            f"On 3 May 2026 we told them that this was wrong, and what is right: {', '.join(labels)}."
        )
        if labels:
            in_welsh = welsh.entries(said)
            assert in_welsh.startswith("1 Mai 2026: gofynnodd Eastmoor Police, o dan “")
            assert ". Rhoesom y canlynol iddynt ar 2 Mai 2026: " in in_welsh
            assert "Ar 3 Mai 2026 dywedasom wrthynt fod y canlynol yn anghywir" in in_welsh


@pytest.mark.parametrize(
    ("english", "in_welsh"),
    [
        ("We gave them nothing.", "Ni roesom ddim iddynt."),
        ("We have given them nothing so far.", "Nid ydym wedi rhoi dim iddynt hyd yma."),
        ("We gave them an answer on 2 May 2026.", "Rhoesom ateb iddynt ar 2 Mai 2026."),
    ],
)
def test_an_entry_of_the_register_is_put_into_welsh_sentence_by_sentence(english: str, in_welsh: str) -> None:
    first = "A day that is not recorded: A body that is not named asked, under “Our own agreement”."
    lines = f"{first} {english}\n{NOBODY_ASKED}"
    expected = f"Diwrnod nas cofnodwyd: gofynnodd corff nas enwir, o dan “Our own agreement”. {in_welsh}"
    assert welsh.entries(lines).split("\n")[0] == expected


@pytest.mark.parametrize(
    "said", ["She moved away.", "1 May 2026: X asked, under “Y”. We gave them dragons on 2 May 2026."]
)
def test_what_is_no_entry_has_no_welsh(said: str) -> None:
    with pytest.raises(welsh.NoWelshError):
        welsh.entries(said)


def test_that_nobody_asked_is_said_in_both_languages(office: Office) -> None:
    agreement = office.entry.agreements.get("sar")
    done = office.approve(office.submit(registered(office, agreement, **CY)))
    made = preview(office, walked_to_answer(office, agreement, done, agreement.answers[0]))
    assert (made.problems, made.note) == ((), "")
    in_welsh, in_english = " ".join(text_of(made.pdf).split()).split("Diwedd y llythyr")
    assert "Nid oes neb wedi gofyn i ni amdanoch chi" in in_welsh
    assert NOBODY_ASKED not in in_welsh
    assert NOBODY_ASKED in in_english


def test_what_a_record_says_stays_as_it_is_whatever_it_looks_like() -> None:
    row = ItemRow("Name", NOBODY_ASKED, "14 May 2012")
    facts = letter(LetterKind.DISCLOSURE, items=(row,))
    assert welsh.translated(facts, {"items"}).items[0].value == NOBODY_ASKED
    ours = letter(LetterKind.DISCLOSURE, items=(replace(row, in_our_words=True),))
    assert welsh.translated(ours, {"items"}).items[0].value.startswith("Nid oes neb")


def test_english_is_the_language_of_whoever_says_nothing_whatever_the_computer_speaks(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "cy_GB.UTF-8")
    monkeypatch.setenv("LC_ALL", "cy_GB.UTF-8")
    done = office.approve(office.submit(office.register()))
    recorded = outcomes.record(office.caseworker, outcomes.Record(**on(done), outcome=Outcome.NO_TRACE))
    text = text_of(preview(office, recorded).pdf)
    assert "Annwyl" not in text
    assert "Tudalen" not in text


def test_what_has_no_welsh_is_said_before_the_letter_is_issued_and_it_goes_in_english(office: Office) -> None:
    values = {"address": {"value": "27 Ropewalk Court\nWestmere WM4 8RD", "recorded_on": "early in 2016"}}
    done = office.approve(office.submit(office.register(**CY)))
    found = outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=("name", "born", "address"), values=values)
    made = preview(office, outcomes.record(office.caseworker, found))
    assert made.problems == ()
    assert made.note == "There is no Welsh for “early in 2016”, so the letter is in English alone."
    assert "Annwyl" not in text_of(made.pdf)
    assert why_not_in_welsh(letter(LetterKind.EXTENSION)).startswith("There is no Welsh text of this letter")


def test_large_print_follows_the_request_unless_it_is_asked_for_otherwise(office: Office) -> None:
    done = office.submit(office.register(requester__large_print=True, criteria__proportion=NOT_MET))
    command = office.decide(done, reasons="No.", because_of=("proportion",))
    done = decisions.refuse(office.reviewer, command)
    large = preview(office, done).pdf
    small = issuing.preview(office.caseworker, done.case_id, large_print=False).pdf
    assert len(pages_of(large)) > len(pages_of(small)) == 1
    issued = issuing.issue(office.caseworker, issuing.Issue(**on(done), large_print=False))
    assert len(pages_of(issuing.read_letter(office.caseworker, issued.case_id))) == 1


# The texts


@pytest.mark.parametrize("kind", sorted(IN_WELSH))
def test_a_welsh_text_has_the_parts_of_the_english_one(kind: LetterKind) -> None:
    english, cymraeg = load(kind.value, _MERGES), load(f"cy/{kind.value}", _MERGES)
    for one, other in zip(english.sections, cymraeg.sections, strict=True):
        assert bool(one.heading) == bool(other.heading)
        assert (one.keep_together, one.after_sign_off) == (other.keep_together, other.after_sign_off)
        for part, same in zip(one.parts, other.parts, strict=True):
            assert (part.role, part.when, part.unless, part.each) == (same.role, same.when, same.unless, same.each)
            assert part.protected == same.protected
            assert len(part.columns) == len(same.columns)
            assert sorted(MERGE.findall(part.text)) == sorted(MERGE.findall(same.text))
            assert part.text != same.text or part.text.startswith("{") or part.role == "table"
    assert english.rule_after_sign_off == cymraeg.rule_after_sign_off
    assert MERGE.findall(english.title) == MERGE.findall(cymraeg.title)


def test_a_refusal_and_a_no_trace_letter_look_alike_in_welsh_too() -> None:
    refused, none = load("cy/refusal", _MERGES), load("cy/no_trace", _MERGES)
    assert [one.heading for one in refused.sections] == [one.heading for one in none.sections]
    assert none.title == welsh.phrase("We cannot give you the information you asked for")
    assert (refused.greeting, refused.sign_off, refused.ending) == (none.greeting, none.sign_off, none.ending)


def clock_phrases(one: Agreement) -> dict[str, set[str]]:
    """All that an acknowledgement can say of the time: usual and faster, waited for, extended, and not yet known."""
    calendar = load_calendars()[one.clock.calendar]
    told = [0] if one.clock.extension is None else range(one.clock.extension.longest + 1)
    paused = [Pause(date(2026, 6, 4), date(2026, 6, 8), ""), Pause(date(2026, 6, 4), date(2026, 6, 8), "", "", True)]
    every = [
        due(one.clock, received, calendar, pauses, expedited=faster, extensions=[Extension(more, received)])
        for received in (*(date(2026, 6, n) for n in range(1, 8)), calendar.first - timedelta(99), calendar.last)
        for pauses in ([], paused[:1], paused[1:], [Pause(received, None, "")])
        for faster in (False, True)
        for more in told
    ]
    return {
        "counted": {interimfacts._counted(owed) for owed in every},
        "counting": {interimfacts._counting(owed) for owed in every},
        "provisional": {owed.provisional_words for owed in every},
    }


def phrases(one: Agreement) -> dict[str, set[str]]:
    """All that an agreement can put into a letter that has a Welsh text, by the fact that says it."""
    labels = {item.label for item in one.items}
    # A refusal may rest on any criterion: a reviewer chooses.
    refused = {criterion.refusal for criterion in one.criteria}
    return {
        **clock_phrases(one),
        "agreement_title": {one.title},
        "answer_note": {one.answer_note},
        "answer_title": {answer.heading or "Our answer to your request" for answer in one.answers},
        "answer_within": {clock_words(one.clock)},
        "basis": {one.clock.basis or one.governed_by or "the agreement between us"},
        "complaint": set(one.complaint),
        "conditions": set(one.conditions),
        "criterion": refused,
        "gateway": {gateway.title for gateway in one.gateways},
        "governed_by": {one.governed_by},
        "items": labels | {"Not recorded"},
        "matched": set(MATCHED_WORDS.values()),
        "not_given": labels,
        "person": {f"Li Wen Ashworth, {born}" for born in BORN},
        "purpose": {one.purpose_words, *(ground.purpose for ground in one.grounds)},
        "reasons": refused | {one.refusal_ending},
        "refusal_title": {one.refusal_title},
        "replaces": {"letter 12 of 3 June 2026"},
        "request_words": {one.request_words},
        "retention": {f"at least {period_words(one.retention)}"},
        "rights": {text for rights in (one.rights, *(ground.rights for ground in one.grounds)) for text in rights},
        "status_answer": {answer.text for answer in one.answers},
    }


@pytest.mark.parametrize("one", load_agreements().all(), ids=lambda one: one.id)
def test_every_word_of_an_agreement_has_its_welsh(one: Agreement) -> None:
    kinds = set(one.letters) & IN_WELSH
    assert kinds >= {LetterKind.ACKNOWLEDGEMENT, LetterKind.REFUSAL}
    names = {"replaces"}.union(*(load(f"cy/{kind.value}", _MERGES).names for kind in kinds))
    said = phrases(one)
    translated = {fact.name for fact in fields(LetterFacts) if fact.type in ("str", "tuple[str, ...]")} | {"items"}
    assert (names & translated) - welsh._AS_IT_IS <= said.keys()
    missing = []
    for text in sorted(set().union(*(said[name] for name in names & said.keys())) - {""}):
        try:
            welsh.phrase(text)
        except welsh.NoWelshError:
            missing.append(text)
    assert missing == []
    lines = [line for line in one.standard_lines if kinds & set(line.letters)]
    assert all(line.welsh and line.welsh_heading for line in lines)


def test_days_and_times_in_welsh() -> None:
    assert welsh.weekday_day(date(2017, 6, 16)) == "dydd Gwener 16 Mehefin 2017"
    assert [welsh.day(date(2020, month, 1)).split()[1] for month in (1, 2, 8, 12)] == [
        "Ionawr",
        "Chwefror",
        "Awst",
        "Rhagfyr",
    ]
    times = [
        datetime(2017, 6, 1, hour, minute, tzinfo=UTC) for hour, minute in ((9, 20), (17, 30), (12, 0), (0, 0), (0, 5))
    ]
    assert [welsh.clock_time(one) for one in times] == ["9.20yb", "5.30yp", "hanner dydd", "hanner nos", "12.05yb"]
    assert welsh.phrase("Li Wen Ashworth, born 4 November 1991") == "Li Wen Ashworth, a aned ar 4 Tachwedd 1991"
    assert welsh.phrase("Li Wen Ashworth, born March 1979, day not known").endswith(
        "ym mis Mawrth 1979, y diwrnod yn anhysbys"
    )
    assert welsh.phrase("2 working days after the day on which it reached us").startswith("2 ddiwrnod gwaith ar ôl")
    assert welsh.phrase("at least 3 years") == "o leiaf 3 blynedd"
    for years in (4, 6):
        assert welsh.phrase(f"at least {years} years") == f"o leiaf {years} blynedd"
    for years in (5, 7, 8, 9, 10):
        assert welsh.phrase(f"at least {years} years") == f"o leiaf {years} mlynedd"
    assert welsh.phrase("at least 20 years") == "o leiaf 20 mlynedd"


def in_english(pdf: bytes) -> list[str]:
    """What of the Welsh part says that it is in English, by its kind."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        parts = [one for one in document.Root.StructTreeRoot.K.K if str(one.get("/Lang", "")) == "cy"]
        return [str(one.S) for part in parts for one in elements(part) if str(one.get("/Lang", "")) == "en-GB"]


def test_hours_and_title_are_in_welsh_where_the_organisation_gave_them(office: Office, tmp_path: Path) -> None:
    made = acknowledgement(office)
    in_welsh, english = read_aloud(made.pdf, tmp_path).split("Diwedd y llythyr")
    assert ", 9yb i 5yp, dydd Llun i ddydd Gwener. " in in_welsh
    assert "Pennaeth Datgelu" in in_welsh
    assert "Monday" not in in_welsh
    assert "Head of Disclosure" not in in_welsh
    assert ", 9am to 5pm, Monday to Friday. " in english
    assert "Head of Disclosure" in english
    assert in_english(made.pdf) == []


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_what_has_no_welsh_is_told_as_english_to_whoever_hears_it(large: bool, tmp_path: Path) -> None:
    facts = bilingual(LetterKind.DISCLOSURE, large_print=large)
    pdf = render(facts)
    assert problems(pdf) == []
    in_welsh, english = read_aloud(pdf, tmp_path).split("Diwedd y llythyr")
    assert "ffoniwch ruth adeyemi ar 01632 960148. rhowch ein cyfeirnod" in in_welsh.casefold()
    assert " 9am to 5pm, Monday to Friday " in in_welsh
    assert "Head of Disclosure" in in_welsh
    assert ", 9am to 5pm, Monday to Friday. " in english
    assert in_english(pdf) == ["/P", "/P"]
    ours = replace(facts.organisation, hours_welsh="9yb i 5yp")
    assert in_english(render(replace(facts, organisation=ours))) == ["/P"]
    ours = replace(ours, signatory_title_welsh="Pennaeth Datgelu")
    assert in_english(render(replace(facts, organisation=ours))) == []
