"""A thousand damaged files of agreements and of bank holidays: each is read, or refused with its name and a reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from desktop.policy.agreements import Agreement, AgreementError, load_agreements, read_agreement
from desktop.policy.calendars import Calendar, CalendarError, load_calendars
from resources import resource
from tests.unit.mutants import HOW, mutants

AGREEMENTS = [
    one.read_bytes()
    for one in sorted(resource("agreements").iterdir(), key=lambda one: one.name)
    if one.name.endswith(".toml")
]
HOLIDAYS = resource("calendars", "bank-holidays.json").read_bytes()


def read(path: Path) -> Agreement | AgreementError:
    try:
        return read_agreement(path)
    except AgreementError as error:
        return error


def holidays(data: bytes) -> Mapping[str, Calendar] | CalendarError:
    try:
        return load_calendars(data.decode("utf-8", "surrogateescape"))
    except CalendarError as error:
        return error


@pytest.mark.parametrize("seed", range(7))
def test_a_damaged_agreement_is_refused_with_file_and_reason(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "own.toml"
    refused = 0
    for data in mutants(AGREEMENTS, 100, seed):
        path.write_bytes(data)
        found = read(path)
        if isinstance(found, Agreement):
            # What is read is whole: each of its versions can be asked for.
            assert all(found.at(version.number).content_hash == found.content_hash for version in found.versions)
            continue
        refused += 1
        assert found.file == "own.toml"
        assert str(found).startswith("own.toml")
        assert len(found.message) > 8
        assert found.message.endswith(".")
        assert 0 <= found.line <= data.count(b"\n") + data.count(b"\r") + 1
    assert refused > 50


@pytest.mark.parametrize("seed", range(3))
def test_damaged_bank_holidays_are_refused_with_a_reason(seed: int) -> None:
    found = [holidays(data) for data in mutants([HOLIDAYS], 100, seed)]
    refused = [one for one in found if isinstance(one, CalendarError)]
    assert all(len(str(one)) > 20 for one in refused)
    whole = {"uk-any-part", "england-and-wales", "scotland", "northern-ireland", "none"}
    assert all(set(one) == whole for one in found if not isinstance(one, CalendarError))
    assert len(refused) > 50


def test_every_kind_of_damage_is_done() -> None:
    assert len(HOW) == 10
    assert mutants(AGREEMENTS, 30, 1) == mutants(AGREEMENTS, 30, 1) != mutants(AGREEMENTS, 30, 2)


def test_a_damaged_file_in_the_organisations_folder_names_itself(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_bytes(AGREEMENTS[0][:5_000])
    with pytest.raises(AgreementError) as caught:
        load_agreements(tmp_path)
    assert caught.value.file == "broken.toml"
    (tmp_path / "broken.toml").write_bytes(AGREEMENTS[0])
    with pytest.raises(AgreementError, match="there already is an agreement"):
        load_agreements(tmp_path)
