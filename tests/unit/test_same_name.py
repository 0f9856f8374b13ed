"""Someone who was named as a risk is known in other requests, however the name is written there."""

from __future__ import annotations

import pytest

from desktop.policy.safeguards import Side, same_side


@pytest.mark.parametrize(
    ("who", "officer"),
    [
        ("DS Amara Okafor", "DI Amara Okafor"), ("DS Amara Okafor", "Det. Insp. Amara Okafor"),
        ("DS Amara Okafor", "A. Okafor"), ("Amara Okafor", "Mr Amara Okafor"), ("Amara Okafor", "DI Amara J Okafor"),
        ("Okafor", "DS Amara Okafor"), ("DS Amara Okafor", "Okafor"), ("OKAFOR, DS Amara", "T/DI A Okafor"),
        ("Okafor, Amara", "D/C/Insp Amara OKAFOR QPM"), ("PC 1234 Okafor", "Okafor PC1234"),
        ("Okafor, her former partner", "HHJ Amara Okafor"), ("her ex okafor works nights", "DI Amara Okafor"),
        ("Amara Okafor and Tom Reed", "Insp Reed"), ("DC Okafor of Westmere Police", "HEO Amara Okafor"),
        ("DS Law", "DC Jude Law"), ("PC Ma", "Sgt Jack Ma"), ("PC Constable", "Tom Constable"),
        ("DS OBrien", "O’Brien, Sean"), ("DS Sean O'Brien", "DS O Brien"), ("María de la Cruz", "Insp Delacruz"),
        ("Amara Okafor", "Amara Okafor-Bell"), ("李明", "李 明"), ("Łukasz Nguyễn", "PS NGUYEN, L."),
        ("the officer who asks", "DI Tom Reed"), ("her former partner", "T. Reed"),
        ("Chris Okafor", "Christopher Okafor"),
    ],
)  # fmt: skip
def test_a_named_risk_is_known_however_the_name_is_written(who: str, officer: str) -> None:
    named = Side("Westmere Police", "Missing persons", "DC Tom Reed")
    assert same_side(who, named, Side("Other", "Fraud", officer))
    assert same_side(who, named, Side("Other", "Fraud", "PC Jo Bloggs", countersigner=officer))


@pytest.mark.parametrize(
    ("who", "officer"),
    [
        ("DS Amara Okafor", "DS Tom Bell"), ("Amara Okafor", "Ben Okafor"), ("DS Amara Okafor", "DS Amara Bell"),
        ("Det Sgt Amara Okafor", "Det Sgt Jo Bell"), ("His Honour Judge Reed", "Her Honour Judge Bell"),
        ("Det. Insp. Okafor", "Det. Insp. Bell"), ("Jo Okafor-Bell", "Sam Okafor-Bell"),
        ("Maria de Souza", "Ana de Lima"),
        ("Amara Okafor, her former partner", "Jo Partner"), ("her former partner", "Jo Bell"), ("", "Tom Reed"),
        ("nobody in particular", "Jo Bell"), ("Amara Okafor", ""),
    ],
)  # fmt: skip
def test_somebody_else_is_not_taken_for_a_named_risk(who: str, officer: str) -> None:
    named = Side("Westmere Police", "Missing persons", "DC Tom Reed")
    assert not same_side(who, named, Side("Other", "Fraud", officer, email="missing.persons@other.example"))


@pytest.mark.parametrize(
    ("who", "email", "known"),
    [
        ("DS Amara Okafor", "amara.okafor@other.example", True), ("DS Amara Okafor", "A.Okafor2@other.example", True),
        ("DS Amara Okafor", "aokafor@other.example", True), ("DS Amara Okafor", "okafora@other.example", True),
        ("DS Amara Okafor", "amaraokafor@other.example", True), ("Okafor", "aokafor@other.example", True),
        ("DS Amara Okafor", "ds1234.okafor@other.example", True),
        ("DS Amara Okafor", "ben.okafor@other.example", False),
        ("DS Amara Okafor", "bokafor@other.example", False), ("DS Amara Okafor", "tracing@other.example", False),
        ("DS Amara Okafor", "@okafor.example", False),
    ],
)  # fmt: skip
def test_a_named_risk_is_known_by_their_address(who: str, email: str, known: bool) -> None:
    named = Side("Westmere Police", "Missing persons", "DC Tom Reed")
    assert same_side(who, named, Side("Other", "Fraud", "PC Jo Bloggs", email=email)) is known
