"""What a caseworker's own words may not bring into a letter: where a person is, and anything clinical."""

from __future__ import annotations

import pytest

from db.records import LetterKind
from desktop.casework import returning, writing
from desktop.casework.desk import Done, Invalid
from tests.fixtures import Office, on
from tests.journeys.walking import registered
from tests.store.test_safeguarding import raise_concern


def returned(office: Office, done: Done) -> Done:
    """A case whose requester is asked for more."""
    ask = returning.Dated(**on(done), on=office.entry.today(), reasons="More is needed.")
    return returning.return_to_requester(office.caseworker, ask)


def write(office: Office, done: Done, said: str) -> Done:
    """Asks the requester for more, in these words."""
    return writing.write(office.caseworker, writing.Write(**on(done), kind=LetterKind.MORE_INFORMATION, said=said))


def test_no_letter_tells_where_a_person_is_while_the_address_is_kept_off(office: Office) -> None:
    told = "We found a Mary Hale at 9 Dock Road: is it her?"
    raised = raise_concern(office, office.register())
    with pytest.raises(Invalid, match="“9 dock road” tells where the person is"):
        write(office, returned(office, raised), told)
    write(office, returned(office, office.register()), told)


def test_no_letter_of_a_debt_report_has_a_clinical_word(office: Office) -> None:
    done = returned(office, registered(office, office.entry.agreements.get("nhs-debt-report")))
    with pytest.raises(Invalid, match="may be clinical: “dialysis”"):
        write(office, done, "Send the invoice for the dialysis.")
    write(office, done, "Send the invoice.")
