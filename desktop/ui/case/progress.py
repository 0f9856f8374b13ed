"""How far each section of a case has come, in words and icons: pure functions over the answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from db.records import Answers, State
from desktop.casework.casepage import CasePage
from desktop.policy.agreements import Agreement, Section
from desktop.policy.answers import keys_of, met_of
from desktop.policy.fields import Problem, check_field, is_empty, section_status
from desktop.policy.wording import plural

FILES = "attachments"
CHECK = "check"
OUTCOME = "outcome"
NEXT = "next"
LETTERS = "letters"
GROUPS = {"request": "The request", "assessment": "The assessment", "finish": "Finish"}


@dataclass(frozen=True, slots=True)
class Progress:
    """One row of the list of sections."""

    key: str
    title: str
    group: str
    icon: str
    words: str
    colour: str
    done: bool


_LOOKS = {
    "not_started": ("circle-dashed", "Not started", "text-3"),
    "optional": ("circle-dashed", "Optional", "text-3"),
    "in_progress": ("circle-dot", "In progress", "accent"),
    "complete": ("circle-check", "Complete", "green"),
}


def progress(agreement: Agreement, answers: Answers, today: date) -> tuple[Progress, ...]:
    """Each section of the agreement, in its order."""
    return tuple(_of_section(agreement, section, answers, today) for section in agreement.sections)


def _of_section(agreement: Agreement, section: Section, answers: Answers, today: date) -> Progress:
    status = str(section_status(section, answers, today))
    if status == "not_started" and not any(one.required for one in section.fields):
        status = "optional"
    if status == "error":
        count = plural(_wrong(section, answers, today), "problem")
        return Progress(section.id, section.title, section.group, "circle-alert", count, "red", False)
    icon, words, colour = _LOOKS[status]
    if section.id == "criteria" and status == "in_progress":
        answered = sum(met_of(answers.get(f"criteria.{one.id}")) is not None for one in agreement.criteria)
        if answered < len(agreement.criteria):
            words = f"{answered} of {len(agreement.criteria)}"
    if section.id == "release" and status == "complete":
        wrong_items = keys_of(answers.get("release.items")) - {one.id for one in agreement.items if one.releasable}
        if wrong_items:
            icon, words, colour = "circle-dot", f"{len(wrong_items)} to narrow", "accent"
    done = status in ("complete", "optional")
    return Progress(section.id, section.title, section.group, icon, words, colour, done)


def _wrong(section: Section, answers: Answers, today: date) -> int:
    """How many answers the form lists as wrong: one that is there in part is, one that is not there yet is not."""
    given = [field for field in section.fields if not is_empty(answers.get(field.key))]
    return sum(any(one.hard for one in check_field(field, answers[field.key], today=today)) for field in given)


def finish_rows(page: CasePage, to_finish: int) -> tuple[Progress, ...]:
    """The rows below the sections: check answers, and what the state of the case adds."""
    state, files = page.case.row.state, len(page.attachments)
    said = plural(files, "file") if files else "None"
    rows = [Progress(FILES, "Attachments", "finish", "paperclip", said, "text-3", True)]
    if state in (State.DRAFT, State.SENT_BACK, State.HELD, State.RETURNED):
        words = f"{to_finish} to finish" if to_finish else "Ready"
        icon = "list-checks" if to_finish else "circle-check"
        colour = "text-3" if to_finish else "green"
        if not to_finish and page.verdict.stuck:
            icon, words, colour = "triangle-alert", "To mend", "amber"
        rows.append(Progress(CHECK, "Check answers", "finish", icon, words, colour, False))
        return (*rows, _letters_row(page))
    rows.append(Progress(CHECK, "Check answers", "finish", "circle-check", "Submitted", "green", True))
    if state in (State.APPROVED, State.RECORDED, State.RELEASED):
        recorded = page.case.finding is not None and state is not State.APPROVED
        words = "Recorded" if recorded else "To do"
        icon, colour = ("circle-check", "green") if recorded else ("circle-dashed", "text-3")
        rows.append(Progress(OUTCOME, "Record the outcome", "finish", icon, words, colour, recorded))
    rows.append(Progress(NEXT, "What happens next", "finish", "arrow-right", "", "text-3", True))
    return (*rows, _letters_row(page))


def every_row(page: CasePage, answers: Answers, today: date) -> list[Progress]:
    """All the rows of a case whose answers stand so."""
    to_finish = len(sections_with_problems(page.agreement, page.problems))
    return [*progress(page.agreement, answers, today), *finish_rows(page, to_finish)]


def order_of(page: CasePage) -> list[str]:
    """The keys of all the rows of a case."""
    return [*(one.id for one in page.agreement.sections), *(row.key for row in finish_rows(page, 0))]


def _letters_row(page: CasePage) -> Progress:
    issued = len(page.case.letters) + sum(one.number is not None for one in page.notices)
    if page.to_write:
        return Progress(LETTERS, "Letters", "finish", "mail", f"{len(page.to_write)} to write", "accent", False)
    return Progress(LETTERS, "Letters", "finish", "mail", f"{issued} issued" if issued else "None", "text-3", True)


def sections_with_problems(agreement: Agreement, problems: Iterable[Problem]) -> tuple[str, ...]:
    """The ids of the sections that hold what keeps the case from being submitted."""
    keys = {one.field for one in problems}
    return tuple(one.id for one in agreement.sections if any(field.key in keys for field in one.fields))


def section_of(agreement: Agreement, key: str) -> str:
    """The id of the section in which a field stands; "" if it is not there."""
    for section in agreement.sections:
        if any(field.key == key for field in section.fields):
            return section.id
    return ""


def distinct(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """One problem for each field, the first: what is missing need not be told in two ways."""
    seen: dict[str, Problem] = {}
    for one in problems:
        seen.setdefault(one.field, one)
    return tuple(seen.values())
