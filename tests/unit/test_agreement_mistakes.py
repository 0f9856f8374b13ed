"""Each mistake in an agreement's file is refused, and named by file, key and line."""

from __future__ import annotations

import pytest

from desktop.policy.agreements import AgreementError, decode
from resources import resource

POLICE = resource("agreements", "law-enforcement-tracing.toml").read_text("utf-8")
HOME = resource("agreements", "home-office-tracing.toml").read_text("utf-8")
STATUS = resource("agreements", "nhs-status-check.toml").read_text("utf-8")
DEBT = resource("agreements", "nhs-debt-report.toml").read_text("utf-8")
QUERY = resource("agreements", "m5-query.toml").read_text("utf-8")
ACCESS = resource("agreements", "sar.toml").read_text("utf-8")
CORRECTS = resource("agreements", "rectification.toml").read_text("utf-8")
INFORMATION = resource("agreements", "foi.toml").read_text("utf-8")


def spoil(text: str, old: str, new: str) -> tuple[str, int]:
    """The text with its first ``old`` replaced, and the line of the end of what replaced it."""
    assert old in text
    before, after = text.split(old, 1)
    return before + new + after, (before + new).count("\n") + 1


def caught(text: str) -> AgreementError:
    with pytest.raises(AgreementError) as error:
        decode(text, "own.toml")
    assert error.value.file == "own.toml"
    assert str(error.value).startswith("own.toml")
    return error.value


@pytest.mark.parametrize(
    ("text", "old", "new", "key", "message"),
    [
        (POLICE, 'prefix = "TR"', 'prefix = "TRX"', "prefix", "two capitals"),
        (POLICE, "length = 20", 'length = "20"', "clock.length", "expected `int`"),
        (POLICE, "length = 20", "length = 0", "clock.length", "from 1 to 1,000"),
        (POLICE, "expedited_length = 5", "expedited_length = 21", "clock.expedited_length", "usual length"),
        (POLICE, "draft_at = 10", "draft_at = 30", "clock.draft_at", "usual length"),
        (
            POLICE,
            'prefix = "TR"',
            'prefix = "TR"\nwaiting = { chase_after = 41 }',
            "waiting.chase_after",
            "close_after",
        ),
        (POLICE, 'prefix = "TR"', 'prefix = "TR"\nwaiting = { close_after = 0 }', "waiting.close_after", "1 to 1,000"),
        (ACCESS, "draft_at = 10", "draft_at = 20", "clock.draft_at", "working days from 0 to 19"),
        (ACCESS, "draft_at = 10", "draft_at = -1", "clock.draft_at", "working days from 0 to 19"),
        (ACCESS, "longest = 2", "longest = 0", "clock.extension.longest", "from 1 to 1,000"),
        (ACCESS, "tell_within = 1", "tell_within = 2", "clock.extension.tell_within", "usual length"),
        (ACCESS, 'who = ["caseworker", ', 'who = ["auditor", ', "clock.extension.who", "use one or more of"),
        (ACCESS, 'who = ["caseworker", ', 'who = ["king", ', "clock.extension.who[0]", "invalid enum value"),
        (ACCESS, 'tell = "that the answer takes longer, and why."', 'tell = " "', "clock.extension.tell", "empty"),
        (ACCESS, 'id = "numerous"', 'id = "complex"', "clock.extension.reasons[1].id", "of its own"),
        (ACCESS, 'label = "The request is complex"', 'label = ""', "clock.extension.reasons[0].label", "empty"),
        (INFORMATION, 'on_answer = "restart"', 'on_answer = "shrug"', "clock.asks[0].on_answer", "invalid enum value"),
        (INFORMATION, 'id = "fee"', 'id = "clarification"', "clock.asks[1].id", "of its own"),
        (POLICE, 'calendar = "uk-any-part"', 'calendar = "moon"', "clock.calendar", "use one of"),
        (POLICE, "journal_years = 20", "journal_years = -1", "retention.journal_years", "from 0 to 100"),
        (POLICE, "years = 3", "years = 0", "retention.years", "on the day it is closed"),
        (
            POLICE,
            'record = "Tracing requests and disclosure correspondence"',
            'record = ""',
            "retention.record",
            "empty",
        ),
        (POLICE, "journal_years = 20", "appealed_years = 3", "retention.appealed_years", "more than the usual"),
        (POLICE, "journal_years = 20", "longstop_years = 6", "retention.longstop_years", "leave the longstop out"),
        (
            POLICE,
            'trigger = "letter_issued"',
            'trigger = "debt_settled"\nlongstop_years = 0',
            "retention.longstop_years",
            "give the years",
        ),
        (
            POLICE,
            'trigger = "letter_issued"',
            'trigger = "letter_sent"\nlongstop_years = 2',
            "retention.longstop_years",
            "no less than",
        ),
        (POLICE, "journal_years = 20", 'answers = ["poem"]', "retention.answers", "there is no answer"),
        (
            POLICE,
            'trigger = "letter_issued"',
            'trigger = "share_code_expired"\ncode_days = 0',
            "retention.code_days",
            "give the days",
        ),
        (POLICE, "journal_years = 20", "code_days = 90", "retention.code_days", "for a share code alone"),
        (POLICE, "journal_years = 20", 'code_from = "received.on"', "retention.code_from", "of the kind “date”"),
        (POLICE, "destroy_within_months = 6", "destroy_within_months = 0", "destroy_within_months", "1 to 120"),
        (POLICE, '"no_trace", ', "", "letters", "is missing"),
        (POLICE, '"refusal"', '"poem"', "letters[7]", "invalid enum value"),
        (POLICE, "number = 2", "number = 3", "versions[1].number", "this is version 2"),
        (POLICE, "2023-01-31", "2023-02-01", "versions[1].in_force_from", "before it has ended"),
        (POLICE, "2023-01-31", "2012-01-01", "versions[0].in_force_to", "ends before it begins"),
        (POLICE, "2013-04-01", '"soon"', "versions[0].in_force_from", "invalid RFC3339"),
        (POLICE, 'id = "nhscfa"', 'id = "police"', "requesters[1].id", "there twice"),
        (POLICE, 'requesters = ["nhscfa"]', 'requesters = ["fbi"]', "grounds[2].requesters", "no requester “fbi”"),
        (
            POLICE,
            "valid_to = 2019-03-31\nrequesters",
            "valid_to = 2019-03-31\nvalid_from = 2020-01-01\nrequesters",
            "grounds[2].valid_to",
            "end",
        ),
        (POLICE, 'id = "serious_crime"', 'id = "none"', "grounds[0].id", "desk's own"),
        (POLICE, 'id = "serious_crime"', 'id = "Serious crime"', "grounds[0].id", "small letters"),
        (POLICE, 'leads = "reject"', 'leads = "shrug"', "criteria[0].leads", "invalid enum value"),
        (POLICE, 'cant_tell = "return"', 'cant_tell = "refuse"', "criteria[0].cant_tell", "return or escalate"),
        (POLICE, '"countersigner.on"]', '"countersigner.hat"]', "criteria[0].about", "no field “countersigner.hat”"),
        (POLICE, 'short = "In proportion"', 'short = " "', "criteria[6].short", "cannot be empty"),
        (POLICE, "clinical = true", "clinical = 1", "items[10].clinical", "expected `bool`"),
        (POLICE, 'key = "requester.unit"', 'key = "requester.body"', "sections[0].fields[2].key", "there twice"),
        (POLICE, 'key = "requester.unit"', 'key = "unit"', "sections[0].fields[2].key", "two words"),
        (POLICE, 'key = "requester.unit"', 'key = "hat.unit"', "sections[0].fields[2].key", "no section"),
        (POLICE, '"requester.unit", label = "Unit or team"', '"requester.unit", label = ""', "", "cannot be empty"),
        (POLICE, '"Unit or team", kind = "text"', '"Unit or team", kind = "smell"', "", "invalid enum value"),
        (POLICE, '{ id = "post",', '{ id = "secure_email",', "sections[0].fields[13].options[2].id", "of its own"),
        (POLICE, 'group = "request"', 'group = "request"\nhat = 1', "sections[0].hat", "no such key"),
        (HOME, "versions = [2]", "versions = [4]", "", "there is no version 4"),
        (HOME, "suspended_from = 2018-05-09", "suspended_from = 2018-05-08", "versions[1].suspended_from", "outside"),
        (
            HOME,
            "suspended_to = 2018-11-08",
            "suspended_to = 2018-05-08",
            "versions[1].suspended_to",
            "before it begins",
        ),
        (STATUS, 'prefix = "SR"', 'prefix = "s1"', "prefix", "two capitals"),
        (
            STATUS,
            '"status_answer",',
            '"disclosure", "status_answer",',
            "letters",
            "only a tracing",
        ),
        (ACCESS, '"sar_answer", ', "", "letters", "“answer” is missing"),
        (DEBT, '"answer", ', '"answer", "extension", ', "letters", "“extension” needs [clock.extension]"),
        (DEBT, '"answer", ', '"answer", "review_outcome", ', "letters", "needs a ground that reviews"),
        (DEBT, '"answer", ', '"answer", "expedite_declined", ', "letters", "needs the field “urgency.decision”"),
        (DEBT, '"answer", ', '"answer", "forwarding", ', "letters", "needs an answer with it as “to_person”"),
        (DEBT, 'to_person = "debt_notice"', 'to_person = "refusal"', "answers[0].to_person", "debt_notice, forwarding"),
        (QUERY, "most = 3000", "most = 0", "cap.most", "1 or more"),
        (DEBT, 'dated_by = "debt.invoiced_on"', 'dated_by = "debt.dated"', "criteria[2].tests[0].dated_by", "no field"),
        (DEBT, "months = 2", "months = 0", "criteria[2].tests[1].months", "how many months"),
        (ACCESS, 'tells = "part"', 'tells = "part"\ngives = false', "answers[1].gives", "gives something"),
        (ACCESS, 'tells = "part"', 'tells = "part"\ngives = "no"', "answers[1].gives", "expected"),
        (STATUS, 'items = ["status", "application"]', 'items = ["travel"]', "answers[3].items", "may be released"),
    ],
)
def test_a_mistake_is_named_by_key_and_line(text: str, old: str, new: str, key: str, message: str) -> None:
    spoilt, line = spoil(text, old, new)
    error = caught(spoilt)
    assert message.lower() in error.message.lower().replace("’", "'")
    if key:
        assert error.key == key
    # The version that begins too early is named, not the one whose end was changed.
    if "in_force_from" not in key and "valid_to" not in key:
        assert error.line == line
    assert error.line > 0


def test_a_missing_key_is_named_at_its_table() -> None:
    spoilt, _ = spoil(POLICE, 'title = "Police"\n', "")
    error = caught(spoilt)
    assert error.key == "requesters[0].title"
    assert spoilt.splitlines()[error.line - 1] == "[[requesters]]"


def test_a_second_end_of_time_is_refused() -> None:
    spoilt, _ = spoil(HOME, "in_force_to = 2018-05-08\n", "")
    error = caught(spoilt)
    assert error.key == "versions[0].in_force_to"


def test_a_version_that_rejects_says_why() -> None:
    spoilt, _ = spoil(HOME, 'because = "The agreement under', 'because = ""\nnote = "The agreement under')
    # The file then has two notes: the second one goes.
    head, tail = spoilt.rsplit('note = "A new request', 1)
    error = caught(head + tail.partition("\n")[2])
    assert (error.key, error.message) == (
        "versions[2].because",
        "say why requests are held or rejected, in words for a letter.",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("releasable = false\nsource", "releasable = true\nsource"),
        ('label = "Gender"', 'label = "Diagnosis"'),
        ('label = "Gender"', 'label = "Allergies"'),
        ('label = "Gender"', 'label = "Next appointment"'),
        ('label = "Gender"', 'label = "Test results"'),
        ('id = "area"', 'id = "treatment_area"'),
    ],
)
def test_no_file_can_release_anything_clinical(old: str, new: str) -> None:
    at = POLICE.index("[[items]]")
    tail = POLICE[at:]
    if "releasable" in old:
        health = tail.index('id = "health"')
        flag = tail.index("releasable = false", health)
        spoilt = POLICE[:at] + tail[:flag] + "releasable = true" + tail[flag + len("releasable = false") :]
    else:
        spoilt = POLICE[:at] + spoil(tail, old, new)[0]
    assert "clinical" in caught(spoilt).message


def test_the_screen_cannot_be_left_out() -> None:
    spoilt, _ = spoil(POLICE, 'leads = "escalate"', 'leads = "refuse"')
    assert caught(spoilt).message == "a criterion about the safeguarding screen must lead to the guardian."
    spoilt, _ = spoil(POLICE, "[[safeguarding]]", "[[safeguarding]]\nhat = 1")
    assert caught(spoilt).key == "safeguarding[0].hat"


@pytest.mark.parametrize("key", ["options = [{ id = 'x', label = 'X' }]"])
def test_filled_lists_are_not_written_twice(key: str) -> None:
    spoilt, line = spoil(POLICE, 'key = "ground.ground", ', f'key = "ground.ground", {key}, ')
    error = caught(spoilt)
    assert error.line == line
    assert "fills these in" in error.message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"correction", ', "", "the letter “correction” need each other"),
        ('kind = "corrections"', 'kind = "lines"', "is of the kind “corrections”"),
        ('key = "register.wrong"', 'key = "register.bad"', "an answer that corrects and the field"),
        ("confirm_within = 10", "confirm_within = 0", "use a number from 1 to 1,000"),
        ('refusal_title = "We cannot put right what you asked us to"', 'refusal_title = " "', "cannot be empty"),
    ],
)
def test_what_corrects_is_whole(old: str, new: str, message: str) -> None:
    assert message in caught(spoil(CORRECTS, old, new)[0]).message


@pytest.mark.parametrize(
    ("borrowed", "message"),
    [("nothing", "there is no criterion"), ("safeguarding", "leads to refuse"), ("authorised", "leads to refuse")],
)
def test_a_refusal_borrows_the_words_of_an_ordinary_one(borrowed: str, message: str) -> None:
    spoilt, line = spoil(POLICE, 'borrowed_refusal = "proportion"', f'borrowed_refusal = "{borrowed}"')
    error = caught(spoilt)
    assert (error.key, error.line) == ("borrowed_refusal", line)
    assert message in error.message


def test_what_is_borrowed_is_said_in_every_version() -> None:
    spoilt, _ = spoil(POLICE, 'id = "proportion"', 'id = "proportion"\nversions = [1]')
    assert "every version" in caught(spoilt).message


@pytest.mark.parametrize(
    ("agreement", "old", "new", "message"),
    [
        ("m5-query", 'about = ["cap"]', "about = []", "must be about “cap”"),
        ("m5-query", 'about = ["cap"]', 'about = ["cap"]\nmay_not_apply = true', "must be about “cap”"),
        ("sar", 'about = ["earlier"]', 'about = ["cap"]', "there is no field “cap”"),
        ("sar", 'tells = "all"\n', "", "need each other"),
        ("nhs-status-check", 'never_says = "clinical"', 'never_says = "other"', "there is no list of words “other”"),
        (
            "nhs-debt-report",
            'why_none = "',
            'until = "received.on" }, { kind = "is", field = "debt.plan", why = "',
            "say what",
        ),
    ],
)
def test_what_a_criterion_or_an_answer_rests_on_is_there(agreement: str, old: str, new: str, message: str) -> None:
    text = resource("agreements", f"{agreement}.toml").read_text("utf-8")
    assert message in caught(spoil(text, old, new)[0]).message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('counts = ["rejected"]', 'counts = ["given"]', "no request ends in “given”"),
        ('counts = ["rejected"]', "counts = []", "“rejected” counts in no row"),
        ('counts = ["traced"]', 'counts = ["traced", "no_trace"]', "“no_trace” counts in two rows"),
        ('title = "Refused", counts', 'title = "Rejected", counts', "a title of its own"),
        ('published_as = "Rejected"', 'published_as = "Other"', "there is no published row “Other”"),
        (', nhscfa = "NHSCFA" }', " }", "the requester “nhscfa” has no column"),
        ('police = "Police",', 'police = "Police", fire = "Fire",', "there is no requester “fire”"),
        ('police = "Police",', 'police = " ",', "the requester “police” has no column"),
        ('table = "Tracing requests"', 'table = " "', "cannot be empty"),
    ],
)
def test_every_request_is_counted_once(old: str, new: str, message: str) -> None:
    error = caught(spoil(POLICE, old, new)[0])
    assert error.key.startswith("statistics")
    assert error.line
    assert message in error.message


def test_an_agreement_says_where_it_is_counted() -> None:
    begin, end = POLICE.index("[statistics]"), POLICE.index("[[versions]]")
    error = caught(POLICE[:begin] + POLICE[end:])
    assert (error.key, error.message) == ("statistics", "this key is missing.")


def test_a_field_and_an_item_for_corrections_need_an_answer_that_corrects() -> None:
    # One of the two answers still corrects.
    assert decode(CORRECTS.replace("corrects = true", "corrects = false", 1), "own.toml").corrects
    without = CORRECTS.replace("corrects = true", "corrects = false")
    assert "no answer of this agreement corrects anything" in caught(without).message
    without = without.replace("from_corrections = true", "from_corrections = false")
    assert "need each other" in caught(without).message


def test_the_hash_is_worked_out_and_never_believed() -> None:
    spoilt, line = spoil(POLICE, 'kind = "tracing"', 'kind = "tracing"\ncontent_hash = "0"')
    assert (caught(spoilt).key, caught(spoilt).line) == ("content_hash", line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("id = ", 1),
        ('id = "a"\ntitle = "b', 2),
        ("id = 1\nid = 2\n", 2),
        ("[[a]]\n[a]\n", 2),
        ("\x00", 1),
        ("id = 'a'\n\ufeffb = 1", 2),
        ("<xml/>", 1),
        ("a = " + "[" * 5000, 0),
        ("a.b.c.d = 1\n" * 3, 2),
        ("x = '" + "y" * 1_000_001 + "'", 0),
        ("id = 'a'\n" + "# a comment\n" * 1000, 0),
        ("a = 1979-13-45", 1),
        ("\ud800 = 1", 1),
    ],
)
def test_a_hostile_file_is_refused_with_a_reason(text: str, line: int) -> None:
    error = caught(text)
    assert error.message
    if line:
        assert error.line == line


def test_a_file_without_a_sense_names_what_is_missing() -> None:
    assert caught("hat = 1").message in ("the format has no such key.", "this key is missing.")
    assert caught("").message == "this key is missing."


@pytest.mark.parametrize(
    ("text", "key", "named", "message"),
    [
        (STATUS, "person.family_name", "sections", "someone is to be found"),
        (ACCESS, "person.family_name", "sections", "someone is to be found"),
        (ACCESS, "register.told", "items[0].from_register", "“register.told” is missing"),
    ],
)
def test_a_field_that_another_part_needs_is_missed(text: str, key: str, named: str, message: str) -> None:
    error = caught(text.replace(f'"{key}"', f'"{key}_of_old"'))
    assert error.key == named
    assert message in error.message
