"""The figures that go into an answer: counted when its outcome is recorded, and published when its letter is issued."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from db.records import Case, Json
from db.store import Tx
from desktop.casework import publication
from desktop.casework.desk import Desk, Invalid, Refused
from desktop.casework.projection import text_of
from desktop.casework.published import keep_told
from desktop.policy.agreements import Agreement
from desktop.policy.answertables import PART, AnswerTable, in_print, packed, table_in
from desktop.policy.disclosurecontrol import control_of
from desktop.policy.fields import Problem
from desktop.policy.letterkinds import WITH_FIGURES
from desktop.policy.publication import Per
from desktop.policy.wording import day


def figures_item(agreement: Agreement, case: Case, status_answer: str, carried: Sequence[str]) -> str:
    """The item with which a table of figures goes into this answer; "" where it takes none. `carried`: the items that
    the answer carries.
    """
    answer = agreement.answer(status_answer)
    ground = text_of(case.submissions[-1].snapshot, "ground.ground") if case.submissions else ""
    if answer is None or not answer.gives or agreement.answer_letter(ground) not in WITH_FIGURES:
        return ""
    items = [agreement.item(key) for key in carried]
    return next((one.id for one in items if one and not (one.from_register or one.from_corrections)), "")


def figures_problems(values: Mapping[str, Mapping[str, str]], *, asked: bool, takes: bool) -> Iterator[Problem]:
    """What is wrong with the figures of an answer: they are counted, never typed, and go where they are taken alone."""
    for key, value in values.items():
        if PART in value:
            yield Problem(f"values.{key}", "Figures are counted by the desk. Attach the table.", hard=True)
    if asked and not takes:
        yield Problem("table", "This answer takes no table of figures. Take it out.", hard=True)


def asked_for(table: AnswerTable) -> publication.Asked:
    """What the table was asked by."""
    control = control_of(table.control)
    return publication.Asked(table=table.table, first=table.first, last=table.last, per=Per(table.per), control=control)


def check_figures(desk: Desk, asked: publication.Asked) -> AnswerTable:
    """The table as it would go into an answer now. Raises Invalid where ``counted`` refuses it."""
    try:
        with desk.store.read() as tx:
            return counted(desk, tx, asked)
    except Refused as error:
        raise Invalid((Problem("table", str(error), hard=True),)) from error


def counted(desk: Desk, tx: Tx, asked: publication.Asked) -> AnswerTable:
    """The table as it is counted now. Raises Refused where it does not add up, or some of its days were published in
    another way.
    """
    report = publication.publishable(desk, tx, asked).report
    return AnswerTable(
        asked.table,
        asked.first,
        asked.last,
        asked.per.value,
        asked.control.id,
        report.days,
        in_print(report.grids),
        (*report.notes, f"Counted on {day(report.made_on)}."),
    )


def kept(desk: Desk, tx: Tx, asked: publication.Asked) -> str:
    """The table as it is kept with the outcome."""
    return packed(counted(desk, tx, asked))


def publish_figures(desk: Desk, tx: Tx, case: Case) -> dict[str, Json]:
    """Keeps that the table of an answer leaves the desk with its letter; returns what the journal says of it. Raises
    RuleKept where some of its days were published in another way since it was recorded.
    """
    table = table_in(case.finding.values) if case.finding else None
    if table is None:
        return {}
    asked = asked_for(table)
    keep_told(desk, tx, publication.told(desk, tx, asked, table.grids))
    return {
        "table": table.table,
        "first": str(table.first),
        "last": str(table.last),
        "per": table.per,
        "control": table.control,
    }
