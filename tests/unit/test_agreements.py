"""The shipped agreements, the decoder that names every mistake, and which version governs which day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Leads
from desktop.policy.agreements import (
    NO_GROUND,
    Agreement,
    AgreementError,
    Agreements,
    content_hash,
    decode,
    load_agreements,
    read_agreement,
)
from desktop.policy.agreements_lines import lines
from resources import resource

IDS = ("home-office-tracing", "law-enforcement-tracing", "nhs-status-check")
SHIPPED = load_agreements()
KEYS = """
requester.body requester.unit requester.officer requester.grade requester.email requester.phone requester.address
requester.reference received.on received.channel person.given_names person.family_name person.other_names person.born
person.gender person.nationality person.home_office_reference person.passport person.ni_number person.address
ground.ground ground.details tried.sources asked.items necessity.statement urgency.expedite urgency.reason balance.for
balance.against balance.necessity balance.proportionality balance.less_intrusive release.items safeguarding.notes
""".split()

PARTS = ("sections", "grounds", "criteria", "items", "safeguarding", "versions", "gateways", "requesters")
every_agreement = pytest.mark.parametrize("agreement", SHIPPED.all(), ids=lambda one: one.id)


def text_of(agreement_id: str) -> str:
    return resource("agreements", f"{agreement_id}.toml").read_text("utf-8")


def home_office() -> Agreement:
    return SHIPPED.get("home-office-tracing")


def walk(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value of a decoded file with its path."""
    yield path, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield from walk(one, (*path, key))


def test_the_agreements_are_there() -> None:
    assert set(IDS) < {one.id for one in SHIPPED.all()}
    assert SHIPPED.has("nhs-status-check")
    assert not SHIPPED.has("nothing")
    assert {one.prefix for one in SHIPPED.all() if one.kind == "tracing"} == {"TR"}
    assert SHIPPED.get("nhs-status-check").prefix == "SR"


@every_agreement
def test_a_case_can_be_pinned_to_the_text(agreement: Agreement) -> None:
    assert agreement.content_hash == content_hash(text_of(agreement.id))
    assert decode(agreement.text, "pinned") == agreement


@every_agreement
def test_every_source_is_given(agreement: Agreement) -> None:
    raw = tomllib.loads(text_of(agreement.id))
    sources = [value for path, value in walk(raw) if path and path[-1] == "source"]
    assert all(value.strip() for value in sources)
    assert len(sources) >= sum(len(raw[name]) for name in (*PARTS, "answers") if name in raw)
    for name in PARTS:
        assert all(one["source"] for one in raw[name])


@every_agreement
def test_what_was_not_found_is_said(agreement: Agreement) -> None:
    notes = " ".join(agreement.notes)
    assert "not found" in notes
    assert "our default" in notes
    assert "to be confirmed" in notes.lower()


@every_agreement
def test_the_form_has_the_keys_that_the_desk_knows(agreement: Agreement) -> None:
    # A person is looked for by all that is known of them; a share code needs a name and a date of birth alone.
    searched = agreement.kind == "tracing" or agreement.id == "nhs-status-check"
    missing = [key for key in KEYS if agreement.field(key) is None] if searched else []
    assert not missing


def test_a_status_check_has_no_nhs_number_and_no_countersigner() -> None:
    agreement = SHIPPED.get("nhs-status-check")
    assert agreement.field("person.nhs_number") is None
    assert agreement.section("countersigner") is None
    assert SHIPPED.get("law-enforcement-tracing").field("person.nhs_number") is not None


@pytest.mark.parametrize("agreement_id", ["home-office-tracing", "law-enforcement-tracing"])
def test_the_sections_stand_in_the_order_of_the_work(agreement_id: str) -> None:
    sections = SHIPPED.get(agreement_id).sections
    assert [one.title for one in sections if one.group == "request"] == [
        "Requester",
        "Countersigner",
        "Person sought",
        "Ground and offence",
        "What they tried",
        "What they ask for",
        "Necessity",
        "Urgency",
    ]
    assert [one.title for one in sections if one.group == "assessment"] == [
        "Criteria",
        "Public interest",
        "Items to release",
        "Safeguarding",
        "Faster answer",
    ]


@every_agreement
def test_nothing_clinical_can_be_released(agreement: Agreement) -> None:
    for version in (0, *(one.number for one in agreement.versions)):
        seen = agreement.at(version)
        assert not [one for one in seen.items if one.releasable and one.clinical]
        release = seen.field("release.items")
        clinical = {one.id for one in seen.items if one.clinical}
        assert release is None or not clinical & {one.id for one in release.options}


@pytest.mark.parametrize("item", ["gp_practice", "contact", "next_of_kin", "health", "other"])
def test_what_is_not_permitted_may_be_asked_for_and_never_released(item: str) -> None:
    for agreement_id in ("home-office-tracing", "law-enforcement-tracing"):
        seen = SHIPPED.get(agreement_id).at(1)
        asked, release = seen.field("asked.items"), seen.field("release.items")
        assert asked is not None
        assert item in [one.id for one in asked.options if not one.approved]
        assert release is not None
        assert item not in [one.id for one in release.options]


@pytest.mark.parametrize(
    ("received", "number", "accepts", "held"),
    [
        (date(2016, 12, 31), None, False, False),
        (date(2017, 1, 1), 1, True, False),
        (date(2017, 12, 20), 1, True, False),
        (date(2018, 5, 8), 1, True, False),
        (date(2018, 5, 9), 2, True, True),
        (date(2018, 8, 1), 2, True, True),
        (date(2018, 11, 8), 2, True, True),
        (date(2018, 11, 9), 3, False, False),
        (date(2026, 6, 1), 3, False, False),
    ],
)
def test_the_home_office_agreement_lives_through_2017_and_2018(
    received: date, number: int | None, accepts: bool, held: bool
) -> None:
    version = SHIPPED.version_on("home-office-tracing", received)
    assert (version.number if version else None) == number
    assert (version is not None and version.accepts) == accepts
    assert (version is not None and version.is_suspended(received)) == held
    if version is not None and (held or not accepts):
        assert version.because


@given(st.dates(date(2010, 1, 1), date(2030, 12, 31)))
def test_a_day_has_one_version_and_once_begun_never_none(received: date) -> None:
    for agreement in SHIPPED.all():
        covering = [one for one in agreement.versions if one.covers(received)]
        assert len(covering) == (1 if received >= agreement.versions[0].in_force_from else 0)
        assert agreement.version_on(received) == (covering[0] if covering else None)


def test_a_version_sees_its_own_grounds_and_criteria() -> None:
    agreement = home_office()
    assert "s24_1_b_i" in [one.id for one in agreement.at(1).grounds]
    assert [one.id for one in agreement.at(2).grounds] == ["serious_sentence", "public_security", "missing_person"]
    assert [one.id for one in agreement.at(1).criteria].index("offence") == 2
    assert [one.id for one in agreement.at(2).criteria].index("serious") == 2
    assert len(agreement.at(1).criteria) == len(agreement.at(2).criteria) == 8
    assert agreement.at(2).criterion_number("offence") == 0


@pytest.mark.parametrize("number", [0, 3, 99])
def test_a_version_that_accepts_nothing_asks_for_no_assessment(number: int) -> None:
    seen = home_office().at(number)
    assert not seen.grounds
    assert not seen.criteria
    assert not any(one.releasable for one in seen.items)
    assert {one.group for one in seen.sections} == {"request"}
    ground = seen.field("ground.ground")
    assert ground is not None
    assert [one.id for one in ground.options] == [NO_GROUND]


def test_the_numbering_of_the_act_follows_the_day_of_receipt() -> None:
    agreement, version = home_office(), home_office().versions[0]
    old = {one.id for one in agreement.at(version.number, date(2022, 6, 27)).grounds}
    new = {one.id for one in agreement.at(version.number, date(2022, 6, 28)).grounds}
    assert "s24_1_b_i" in old - new
    assert "s24_c1" in new - old
    assert "s24a" in old & new


def test_a_ground_and_a_gateway_end_with_their_law() -> None:
    crime, trust = SHIPPED.get("nca-tracing"), SHIPPED.get("nhs-status-check")
    assert crime.at(1, date(2020, 12, 31)).ground("arrest_warrant") is not None
    assert crime.at(1, date(2021, 1, 1)).ground("arrest_warrant") is None
    assert [one.id for one in trust.at(1, date(2018, 5, 24)).gateways] == ["dpa_1998"]
    assert [one.id for one in trust.at(1, date(2018, 5, 25)).gateways] == ["gdpr_6_1_e"]


@every_agreement
def test_every_criterion_and_question_has_its_field(agreement: Agreement) -> None:
    seen = agreement.at(1)
    criteria, screen = seen.section("criteria"), seen.section("safeguarding")
    assert criteria is not None
    assert [one.key for one in criteria.fields] == [f"criteria.{one.id}" for one in seen.criteria]
    assert screen is not None
    questions = screen.fields[:-3]
    assert [one.key for one in questions] == [f"safeguarding.{one.id}" for one in seen.safeguarding]
    assert all(one.required == "hard" for one in (*criteria.fields, *questions))
    assert [one.key for one in screen.fields[-3:-1]] == ["safeguarding.risk_who", "safeguarding.risk_why"]
    assert seen.at(1) == seen


def test_the_clocks_and_the_retention_are_as_published() -> None:
    for agreement_id in ("home-office-tracing", "law-enforcement-tracing"):
        clock = SHIPPED.get(agreement_id).clock
        assert (clock.kind, clock.length, clock.calendar) == ("working_days", 20, "uk-any-part")
    assert SHIPPED.get("nhs-status-check").clock.length == 5
    assert {one.retention.journal_years for one in SHIPPED.all()} == {20}


def test_a_status_answer_names_what_the_checker_fills_in() -> None:
    agreement = SHIPPED.get("nhs-status-check")
    leave = agreement.answer("limited_leave")
    assert leave is not None
    assert all(agreement.item(item) is not None for item in leave.items)
    assert len(agreement.answers) == 8
    assert "does not by itself decide" in agreement.answer_note


@pytest.mark.parametrize("agreement_id", IDS)
def test_the_line_of_every_key_is_where_it_is_written(agreement_id: str) -> None:
    text = text_of(agreement_id)
    rows, positions = text.splitlines(), lines(text)
    for path, _ in walk(tomllib.loads(text)):
        if path:
            assert path in positions
            keys = [part for part in path if isinstance(part, str)]
            if isinstance(path[-1], str):
                assert keys[-1] in rows[positions[path] - 1]


def test_lines_are_found_in_every_shape_of_toml() -> None:
    text = '''# a comment with = and [
a = 1
"b c".d = """
two ] lines""""
[t.u] # x
e = [ # one
  1,
  { f = 'g#', "h" = [2,
   3] },
]
[[t.u.v]]
w = "\\"]"
[[t.u.v]]
[t.u.v.x]
y = 2017-01-01 # z
'''
    tomllib.loads(text)
    found = lines(text)
    assert found["a",] == 2
    assert found["b c", "d"] == 3
    assert found["t", "u"] == 5
    assert found["t", "u", "e", 1, "f"] == 8
    assert found["t", "u", "e", 1, "h", 1] == 9
    assert found["t", "u", "v", 0, "w"] == 12
    assert found["t", "u", "v", 1] == 13
    assert found["t", "u", "v", 1, "x", "y"] == 15


@every_agreement
def test_every_refusal_is_written_for_a_letter(agreement: Agreement) -> None:
    for criterion in agreement.criteria:
        assert criterion.refusal.endswith(".")
        if criterion.leads is Leads.ESCALATE:
            assert criterion.refusal == "We are not able to provide the information."
            assert not criterion.next_step


def test_an_organisation_adds_its_own(tmp_path: Path) -> None:
    own = text_of("nhs-status-check").replace('id = "nhs-status-check"', 'id = "our-status-check"', 1)
    (tmp_path / "ours.toml").write_text(own, "utf-8")
    (tmp_path / "notes.txt").write_text("not an agreement", "utf-8")
    found = load_agreements(tmp_path)
    assert found.has("our-status-check")
    assert len(found.all()) == len(SHIPPED.all()) + 1
    assert len(load_agreements(tmp_path / "missing").all()) == len(SHIPPED.all())


def test_an_organisation_cannot_put_its_own_in_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "same.toml").write_text(text_of("nhs-status-check"), "utf-8")
    with pytest.raises(AgreementError, match="there already is an agreement") as caught:
        load_agreements(tmp_path)
    assert (caught.value.file, caught.value.key, caught.value.line) == ("same.toml", "id", 4)


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match="cannot be read"):
        read_agreement(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'id = "a"\ntitle = "caf\xe9"\n')
    with pytest.raises(AgreementError, match="not UTF-8") as caught:
        read_agreement(tmp_path / "latin.toml")
    assert caught.value.line == 2


def test_an_unknown_agreement_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Agreements(()).get("none")


def test_gaps_between_versions_are_refused() -> None:
    ends = home_office().versions[0].in_force_to
    assert ends is not None
    text = text_of("home-office-tracing").replace(f"in_force_to = {ends}", f"in_force_to = {ends - timedelta(days=1)}")
    with pytest.raises(AgreementError, match="the day after the version before it ends"):
        decode(text, "gap.toml")


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    text = resource("agreements", "coroner.toml").read_text("utf-8")
    path = tmp_path / "coroner.toml"
    path.write_bytes(text.encode("utf-8-sig"))
    assert read_agreement(path) == decode(text, "coroner.toml")


@pytest.mark.parametrize(
    ("agreement", "column"),
    [
        ("law-enforcement-tracing", "Police"), ("nca-tracing", "NCA"), ("court-order", "Court Order"),
        ("home-office-tracing", "Home Office (under review)"), ("ccrc", "CCRC"), ("coroner", "HM Coroner"),
    ],
)  # fmt: skip
def test_a_trace_is_counted_as_the_register_of_the_tracing_service_publishes_it(agreement: str, column: str) -> None:
    counted = load_agreements().get(agreement).statistics
    assert next(iter(counted.columns.values())) == column
    published = [row.title for row in counted.rows if row.processed and not row.published_as]
    assert published == ["Rejected", "Approved – Trace", "Approved – No Trace"]
    assert [(row.title, row.published_as) for row in counted.rows if row.published_as] == [
        ("Refused", "Rejected"),
        ("More than one possible", "Approved – No Trace"),
    ]
