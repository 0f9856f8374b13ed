"""How a run stands: for the list of runs, and wherever a case is on one."""

from __future__ import annotations

from datetime import date

from desktop.casework.disposal import Run
from desktop.policy.wording import day, lower_first


def stands(run: Run, today: date) -> tuple[str, str, str]:
    """How a run stands: an icon, its colour and the words."""
    if run.verdict is None:
        return "hourglass", "amber", "Waits for another records officer"
    if not run.verdict.approved:
        return ("undo-2", "text-2", "Taken back") if taken_back(run) else ("circle-x", "text-2", "Turned down")
    if run.certificate is not None:
        done = f"Done by {run.done_by}" if run.done_by else "Done"
        return "circle-check", "green", f"{done}, certificate {run.certificate}"
    if run.verdict.not_before is not None and today < run.verdict.not_before:
        return "clock", "text", f"Days of grace to {day(run.verdict.not_before)}"
    return "shredder", "red", "May be carried out"


def taken_back(run: Run) -> bool:
    """Whether whoever proposed a run took it back."""
    return run.verdict is not None and run.verdict.by_id == run.proposed_by_id


def on_run_words(run: Run, today: date) -> str:
    """Such as "On run 3: days of grace to 14 July 2029", of a case."""
    return f"On run {run.id}: {lower_first(stands(run, today)[2])}"
