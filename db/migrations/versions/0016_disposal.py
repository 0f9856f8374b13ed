"""Destruction by approved runs, holds, and later dates for timers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations import guards_disposal
from db.times import Moment

revision = "0016"
down_revision = "0015"


def _to(column: str, table: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{owner}_{column}_{table}"))


def _column(name: str, kind: object, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=nullable)  # type: ignore[arg-type]


def _pk(owner: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{owner}"))


def _check(test: str, owner: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(test, name=op.f(f"ck_{owner}_{name}"))


def upgrade() -> None:
    """To this revision."""
    _runs()
    _timers()
    _holds()
    for statement in guards_disposal.statements():
        op.execute(statement.replace(":", "\\:"))


def _runs() -> None:
    number, text, moment = sa.Integer(), sa.Text(), Moment()
    run = "disposal_run"
    op.create_table(
        run,
        _column("id", number),
        _column("because", text),
        _column("proposed_by", number),
        _column("proposed_at", moment),
        _to("proposed_by", "user", run),
        _pk(run, "id"),
        sqlite_autoincrement=True,
    )
    item = "disposal_item"
    op.create_table(
        item,
        _column("run_id", number),
        _column("case_id", number),
        _column("due_on", sa.Date()),
        _column("rule", text),
        _to("run_id", run, item),
        _to("case_id", "cases", item),
        _pk(item, "run_id", "case_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_disposal_item_case_id"), item, ["case_id"], unique=False)
    verdict = "disposal_verdict"
    op.create_table(
        verdict,
        _column("run_id", number),
        _column("approved", sa.Boolean()),
        _column("reasons", text),
        _column("decided_by", number),
        _column("decided_at", moment),
        _column("not_before", sa.Date(), nullable=True),
        _check("approved = (not_before IS NOT NULL)", verdict, "not_before"),
        _to("run_id", run, verdict),
        _to("decided_by", "user", verdict),
        _pk(verdict, "run_id"),
    )
    result = "disposal_result"
    op.create_table(
        result,
        _column("run_id", number),
        _column("case_id", number),
        _column("destroyed", sa.Boolean()),
        _column("why", text),
        _column("done_by", number),
        _column("done_at", moment),
        _check("destroyed = (why = '')", result, "why"),
        _to("run_id", run, result),
        _to("case_id", "cases", result),
        _to("done_by", "user", result),
        _pk(result, "run_id", "case_id"),
        sqlite_with_rowid=False,
    )
    certificate = "destruction_certificate"
    op.create_table(
        certificate,
        _column("run_id", number),
        _column("number", number),
        _column("content", text),
        _column("pdf", sa.LargeBinary()),
        _column("sha256", sa.String(length=64)),
        _column("made_by", number),
        _column("made_at", moment),
        _to("run_id", run, certificate),
        _to("made_by", "user", certificate),
        _pk(certificate, "run_id"),
        sa.UniqueConstraint("number", name=op.f("uq_destruction_certificate_number")),
    )


def _timers() -> None:
    changed = "retention_change"
    op.create_table(
        changed,
        _column("id", sa.Integer()),
        _column("case_id", sa.Integer()),
        _column("kind", sa.String(length=10)),
        _column("due_on", sa.Date()),
        _column("rule", sa.Text()),
        _column("source", sa.Text()),
        _column("because", sa.Text()),
        _column("decided_by", sa.Integer()),
        _column("decided_at", Moment()),
        _check("kind IN ('retain', 'rebase')", changed, "kind"),
        _to("case_id", "cases", changed),
        _to("decided_by", "user", changed),
        _pk(changed, "id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_retention_change_case_id_id"), changed, ["case_id", "id"], unique=False)


def _holds() -> None:
    number, text = sa.Integer(), sa.Text()
    hold = "hold"
    scope = ("case_id", "person_of", "agreement_id", "requester", "received_from", "received_to")
    op.create_table(
        hold,
        _column("id", number),
        _column("case_id", number, nullable=True),
        _column("person_of", number, nullable=True),
        _column("agreement_id", sa.String(length=60), nullable=True),
        _column("requester", text, nullable=True),
        _column("received_from", sa.Date(), nullable=True),
        _column("received_to", sa.Date(), nullable=True),
        _column("authority", text),
        _column("because", text),
        _column("review_on", sa.Date()),
        _column("placed_by", number),
        _column("placed_at", Moment()),
        _check(" OR ".join(f"{one} IS NOT NULL" for one in scope), hold, "scope"),
        _to("case_id", "cases", hold),
        _to("person_of", "cases", hold),
        _to("placed_by", "user", hold),
        _pk(hold, "id"),
        sqlite_autoincrement=True,
    )
    step = "hold_step"
    op.create_table(
        step,
        _column("id", number),
        _column("hold_id", number),
        _column("step", sa.String(length=10)),
        _column("because", text),
        _column("taken_by", number),
        _column("taken_at", Moment()),
        _check("step IN ('propose', 'release', 'keep')", step, "step"),
        _to("hold_id", hold, step),
        _to("taken_by", "user", step),
        _pk(step, "id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_hold_step_hold_id_id"), step, ["hold_id", "id"], unique=False)


def downgrade() -> None:
    """Back to the one before, which destroys nothing. A store in which a case was destroyed stays as it is."""
    for statement in guards_disposal.undone():
        op.execute(statement.replace(":", "\\:"))
    for table in (
        "hold_step", "hold", "retention_change", "destruction_certificate", "disposal_result", "disposal_verdict",
        "disposal_item", "disposal_run",
    ):  # fmt: skip
        op.drop_table(table)
