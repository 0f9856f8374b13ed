"""The retention rule of an agreement's file, as a typed struct."""

from __future__ import annotations

from typing import Literal

from desktop.policy.agreements_parts import Struct


class RetentionRule(Struct, frozen=True):
    """How long a closed case is kept before someone reviews it. The periods are the least that it is kept."""

    record: str
    """The class of the record, such as "Subject access and disclosure correspondence"."""
    authority: str
    """Whose rule it is, such as "Records Management Code of Practice, Appendix II"."""
    years: int
    trigger: Literal[
        "letter_issued", "letter_sent", "case_closed", "debt_settled", "share_code_expired", "agreement_withdrawn",
        "last_consulted",
    ]  # fmt: skip
    source: str
    months: int = 0
    answers: tuple[str, ...] = ()
    """The answers whose timers the trigger starts; () for all. What ends otherwise starts its timer as it closes."""
    longstop_years: int = 0
    """Years from its closing after which a case is reviewed although its trigger has not happened."""
    appealed_years: int = 0
    """Years that a case is kept for, whose answer somebody asked to look at again; 0 for no longer than others."""
    code_days: int = 0
    """Days for which a share code can be used: from ``code_from``, else from the day of receipt."""
    code_from: str = ""
    """The field with the day on which the share code was made."""
    journal_years: int = 20
