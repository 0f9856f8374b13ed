"""A no-trace letter, a refusal for a marker and a refusal in the public interest: nothing tells them apart but the
words that must. Each is the letter of a case that was walked to it.
"""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pikepdf
import pytest

from db.records import Leads, LetterKind, Outcome
from desktop.casework import decisions, issuing, outcomes
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done
from desktop.letters.pages import render
from desktop.policy.agreements import load_agreements
from desktop.security.certificates import make_identity
from desktop.security.signing import sign
from tests.fixtures import Office, on
from tests.journeys.test_refusals_alike import facts_of, flagged
from tests.journeys.walking import NOT_MET, registered
from tests.letters.conformance import elements
from tests.letters.reading import chars_of, fonts_of, lines_of, pages_of, sizes_of
from tests.letters.signers import AT

AGREEMENT = "law-enforcement-tracing"
MUST = re.compile(
    r"We searched our records with the details that you gave\. No record agrees with enough of them for us to say that "
    r"it is about this person\.|We were not satisfied .*? So we are not able to provide the information\."
)
"""The words that must differ: whether a search was made, or why not."""


def no_trace(office: Office) -> Done:
    done = office.approve(office.submit(registered(office, load_agreements().get(AGREEMENT))))
    return outcomes.record(office.caseworker, outcomes.Record(**on(done), outcome=Outcome.NO_TRACE))


def public_interest(office: Office) -> Done:
    agreement = load_agreements().get(AGREEMENT)
    done = office.submit(registered(office, agreement, **{f"criteria__{agreement.borrowed_refusal}": NOT_MET}))
    command = office.decide(done, reasons="No.", because_of=(agreement.borrowed_refusal,))
    return decisions.refuse(office.reviewer, command)


def marker(office: Office) -> Done:
    agreement = load_agreements().get(AGREEMENT)
    done = flagged(office, agreement)
    because = tuple(
        one.id for one in case_page(office.guardian, done.case_id).agreement.criteria if one.leads is Leads.ESCALATE
    )
    command = office.decide(done, reasons="She hides from whoever asks.", because_of=because)
    return decisions.refuse(office.guardian, command)


@pytest.fixture
def letters(office: Office) -> dict[str, bytes]:
    """The three, each as of one case, so that its own reference and identifier stand for nothing."""
    made = {"no trace": no_trace(office), "public interest": public_interest(office), "marker": marker(office)}
    identity = make_identity("Meridian Health Records", AT - timedelta(days=1))
    return {name: sign(render(facts_of(office, done)), identity, AT) for name, done in made.items()}


def described(pdf: bytes) -> dict[str, Any]:
    """All that whoever has the file can see without reading what it says."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        kinds = [str(one.get("/Type", one.get("/S", ""))) for one in document.objects if hasattr(one, "get")]
        return {
            "pages": len(document.pages),
            "objects": len(document.objects),
            "kinds": sorted(kinds),
            "tree": [str(one.S) for one in elements(document.Root.StructTreeRoot.K)],
            "info": {str(key): str(value) for key, value in document.docinfo.items()},
            "description": document.Root.Metadata.read_bytes(),
            "fonts": fonts_of(pdf),
            "sizes": sizes_of(pdf),
        }


def headings(pdf: bytes) -> list[tuple[int, str]]:
    """Where each line of the page stands, to the millimetre, that begins a part of the letter."""
    known = (
        "We cannot give",
        "Dear ",
        "Why",
        "What you can do next",
        "Yours",
        "Your right",
        "End of letter",
        "OFFICIAL",
    )
    bare = tuple(one.replace(" ", "") for one in known)
    return [(round(base), line) for base, line in lines_of(chars_of(pdf, 0)) if line.startswith(bare)]


def test_nothing_but_the_words_that_must_tells_them_apart(letters: dict[str, bytes]) -> None:
    texts = {name: " ".join(" ".join(pages_of(pdf)).split()) for name, pdf in letters.items()}
    assert all(len(MUST.findall(text)) == 1 for text in texts.values()), texts
    assert len({MUST.sub("…", text) for text in texts.values()}) == 1
    assert letters["marker"] == letters["public interest"], "byte for byte"


def test_they_are_of_one_shape_and_size_and_say_the_same_of_themselves(letters: dict[str, bytes]) -> None:
    seen = [described(pdf) for pdf in letters.values()]
    assert seen[0] == seen[1] == seen[2]
    # Headings, signature and end stand at the same height, whatever the reason is.
    places = [headings(pdf) for pdf in letters.values()]
    assert len(places[0]) >= 7
    assert places[0] == places[1] == places[2]
    sizes = [len(pdf) for pdf in letters.values()]
    assert max(sizes) - min(sizes) < 512, sizes
    assert len({size // 4096 for size in sizes}) == 1, "as many blocks on a disk"


def test_previews_and_names_of_files_tell_no_more(office: Office) -> None:
    made = [no_trace(office), public_interest(office), marker(office)]
    previews = [issuing.preview(office.caseworker, done.case_id) for done in made]
    assert {one.note for one in previews} == {""}
    assert {one.recipient for one in previews[1:]} == {previews[1].recipient}
    assert {one.kind for one in previews[1:]} == {LetterKind.REFUSAL}
