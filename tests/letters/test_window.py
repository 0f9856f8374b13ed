"""The address in the window of each envelope, measured on the drawn page; and nothing else of the letter there."""

from __future__ import annotations

from itertools import product

import pypdfium2
import pytest

from db.records import LetterKind
from desktop.letters.pages import render
from desktop.letters.window import CLEAR, ENVELOPES, SEEN, Area, Envelope
from desktop.policy.addressblock import WINDOW_LINES, address_block
from tests.letters.factory import letter, organisation, png
from tests.letters.reading import MM, Char, chars_of, lines_of, text_of

SHORTEST = ("Sam Northcott", "BFPO 1")
USUAL = (
    "Detective Sergeant Colin Marsden", "Missing Persons Unit", "Eastmoor Constabulary", "Harbour Road", "Eastmoor",
    "EM1 2HQ",
)  # fmt: skip
LONGEST = address_block(
    ("Detective Superintendent Zenobia Q Featherstone", "Public Protection and Missing Persons", "Eastmoor Police"),
    "Floor 3\nHarbour House\n12 to 18 Old Harbour Road\nDocks Quarter\nEastmoor\nQuay County",
    "EM1 2HQ",
)
ADDRESSES = {"shortest": SHORTEST, "usual": USUAL, "longest": LONGEST}


def shows(one: Envelope, char: Char, across: float, upwards: float) -> tuple[bool, bool]:
    """Whether a character shows whole, and whether it shows at all, with the sheet so far to the right and up."""
    left, right = char.left + across - one.left, char.right + across - one.left
    bottom = one.fold - char.bottom + upwards - one.up
    top = one.fold - char.top + upwards - one.up
    whole = left >= 0 and right <= one.window_width and bottom >= 0 and top <= one.window_height
    some = right > 0 and left < one.window_width and top > 0 and bottom < one.window_height
    return whole, some


def places() -> list[tuple[Envelope, tuple[float, float]]]:
    """Every place of the sheet in each envelope, two millimetres apart and at the ends."""
    found: list[tuple[Envelope, tuple[float, float]]] = []
    for one in ENVELOPES:
        across, upwards = ({*range(0, int(most), 2), most} for most in one.slack)
        found += [(one, place) for place in product(sorted(across), sorted(upwards))]
    return found


def parted(pdf: bytes) -> tuple[list[Char], list[Char]]:
    """The characters of the first page: those of the address, and all others."""
    chars = chars_of(pdf, 0)
    address = [one for one in chars if one.left < 125 and CLEAR.top - 2 < one.top and one.bottom < CLEAR.bottom + 2]
    return address, [one for one in chars if one not in address]


def window_lines(pdf: bytes) -> list[str]:
    """The lines of the address, without their spaces."""
    return [line for _base, line in lines_of(parted(pdf)[0])]


def patches(pdf: bytes, area: Area) -> list[frozenset[float]]:
    """What is drawn in an area of the first page in pieces that touch: for each, how far below the page's upper edge
    it has ink, in millimetres, to the nearest 0.1.
    """
    fine = 10  # Pixels to a millimetre.
    document = pypdfium2.PdfDocument(pdf)
    try:
        sheet = document[0].render(scale=fine / MM, grayscale=True).to_pil()
    finally:
        document.close()
    drawn = sheet.crop([round(edge * fine) for edge in (area.left, area.top, area.right, area.bottom)])
    width = drawn.width
    ink = {at for at, shade in enumerate(drawn.tobytes()) if shade < 128}
    found = []
    while ink:
        waiting, rows = [ink.pop()], set()
        while waiting:
            at = waiting.pop()
            rows.add(round(area.top + at // width / fine, 1))
            beside = [at + down * width + right for down in (-1, 0, 1) for right in (-1, 0, 1)]
            near = ink.intersection(beside)
            ink -= near
            waiting += near
        found.append(frozenset(rows))
    return found


@pytest.mark.parametrize("kind", list(LetterKind))
@pytest.mark.parametrize("recipient", ADDRESSES.values(), ids=ADDRESSES)
@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_the_address_and_nothing_else_shows_wherever_the_sheet_slips(
    recipient: tuple[str, ...], kind: LetterKind, large: bool
) -> None:
    crowded = organisation(name="Meridian and Westmere Health and Care Records Service", logo=png(300, 100))
    facts = letter(kind, recipient=recipient, organisation=crowded, marking="OFFICIAL-SENSITIVE", large_print=large)
    pdf = render(facts)
    address, others = parted(pdf)
    shown = "".join(char.char for char in address)
    assert shown.startswith(recipient[0].replace(" ", ""))
    assert shown.endswith("".join(recipient[-3:]).replace(" ", ""))
    assert recipient is LONGEST or shown == "".join(recipient).replace(" ", "")
    read = " ".join(text_of(pdf).split())
    assert not [line for line in recipient if line not in read], "what finds no room is printed below"
    for one, (across, upwards) in places():
        seen = [shows(one, char, across, upwards) for char in address]
        assert all(whole for whole, _some in seen), (one.name, across, upwards)
        through = [char for char in others if shows(one, char, across, upwards)[1]]
        assert not through, (one.name, across, upwards, through)


def test_what_is_clear_and_what_is_seen_are_those_of_the_envelopes() -> None:
    dl, c5 = ENVELOPES
    # By hand: DL is 10 mm wider than the sheet and 5 higher than its fold; C5 19 wider, 13.5 higher than its half.
    assert (dl.slack, c5.slack) == ((10, 5), (19, 13.5))
    assert (dl.clear.left, dl.clear.top, dl.clear.right, dl.clear.bottom) == (20, 57, 100, 87)
    assert (c5.clear.left, c5.clear.top, c5.clear.right, c5.clear.bottom) == (20, 57, 91, 83.5)
    assert (CLEAR.left, CLEAR.top, CLEAR.right, CLEAR.bottom) == (20, 57, 91, 83.5)
    assert (SEEN.left, SEEN.top, SEEN.right, SEEN.bottom) == (1, 43.5, 110, 97)


def test_as_many_lines_as_an_address_may_have_show_in_no_less_than_12_points() -> None:
    lines = tuple(f"{n} Quay Street, Ägypten" for n in range(WINDOW_LINES))
    address, _others = parted(render(letter(LetterKind.REFUSAL, recipient=lines)))
    bases = sorted({round(char.base, 1) for char in address})
    assert len(bases) == WINDOW_LINES
    # 12 points are 4.23 mm; a capital of the typeface is 0.714 of its size.
    capital = next(char for char in address if char.char == "Q")
    assert capital.bottom - capital.top > 4.23 * 0.714


def test_the_end_of_an_address_shows_whatever_stands_before_it() -> None:
    lines = (
        "Detective Chief Superintendent Wilhelmina Featherstonehaugh-Cholmondeley",
        "Public Protection and Missing Persons Coordination Unit",
        "Eastmoor and Westmere Joint Constabulary Area",
        "The Old Constabulary Buildings and Stables",
        "Eastmoor",
        "EM1 2HQ",
    )
    for large in (False, True):
        pdf = render(letter(LetterKind.REFUSAL, recipient=lines, large_print=large))
        address, _others = parted(pdf)
        assert "".join(char.char for char in address).endswith("EastmoorEM12HQ")
        assert not [line for line in lines if line.replace(" ", "") not in text_of(pdf).replace(" ", "")]


@pytest.mark.parametrize("first", ["Detective Chief Superintendent Wilhelmina of " * 5, "Wilhelmina" * 25])
@pytest.mark.parametrize("rest", [USUAL[1:], USUAL[-3:], SHORTEST[1:]])
@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_a_first_line_of_any_length_shows_to_whom_the_letter_goes(
    first: str, rest: tuple[str, ...], large: bool
) -> None:
    pdf = render(letter(LetterKind.REFUSAL, recipient=(first.strip(), *rest), large_print=large))
    address, _others = parted(pdf)
    shown = "".join(char.char for char in address)
    assert shown.startswith(first.replace(" ", "")[:18])
    assert shown.endswith("".join(rest[-3:]).replace(" ", ""))
    for line in (first, *rest):
        assert line.replace(" ", "") in "".join(text_of(pdf).split()), "what finds no room is printed below"


def test_what_no_window_holds_is_printed_below_it_and_not_lost() -> None:
    many = tuple(f"Line number {n}" for n in range(12))
    pdf = render(letter(LetterKind.REFUSAL, recipient=many))
    _address, others = parted(pdf)
    for one, (across, upwards) in places():
        assert not [char for char in others if shows(one, char, across, upwards)[1]]


TALL = {
    "Thai": ("นายสมชาย ฟ้าใสปิ่นเกล้า", "หน่วยที่ปู่ฟ้ำ", "ผู้ใหญ่กุ้งกี้", "ถนนสุขุมวิทปีที่", "กรุงเทพฯ ฐู้", "THAILAND"),
    "Devanagari": ("श्री क्ष्म्यु ऑफ़ीसर", "विभाग के टूँर्क्षु", "हृदय सृष्टि ट्ठू", "मार्ग संख्या", "नई दिल्ली र्ँ", "INDIA"),
    "Ethiopic": ("ወይዘሮ ፀሐይ ዣዬ", "የጠፉ ሰዎች ክፍል", "ፖሊስ ጣቢያ ቊ", "አዲስ አበባ", "ቦሌ ክፍለ ከተማ ጟ", "ETHIOPIA"),
    "Arabic": ("السيّد مُحَمَّدٌ الأَمِينُ", "قسمُ المفقودينَ إٍ", "شُرطةُ المدينةِ لِّلّٰه", "شارع الميناء", "القاهرة ڲ", "EGYPT"),
    "Hebrew": ("הַשׁוֹטֵר דָּוִד", "יְחִידַת נֶעֱדָרִים", "מִשְׁטֶרֶת יִשְׂרָאֵל", "רְחוֹב הַנָּמֵל", "חֵיפָה", "ISRAEL"),
    "Malayalam": ("ശ്രീ കൃഷ്ണൻ സ്ത്രീ", "തിരുവനന്തപുരം ക്ഷ്മ്യു", "പോലീസ് സ്റ്റേഷൻ", "ന്ദ്ര്യു റോഡ്", "കൊച്ചി", "INDIA"),
    "Telugu": ("శ్రీ కృష్ణ స్త్రీ", "హైదరాబాద్ క్ష్మ్యు", "పోలీసు స్టేషన్", "ర్ట్ర్యు", "విశాఖ", "INDIA"),
    "Vietnamese": ("Ông Nguyễn Ấu Thế", "Phòng Ổn Định Ặ", "Ấp Ỗ Ẫ Ử", "Đường Ễ Ỡ", "Thành phố Ẵ Ợ ị", "VIETNAM"),
    "towers": ("Z̴̧͎a̵l̀́̂̃̄g̀́̂̃̄o", "Ế̂̂ ỗ̂", "Ấ̂̂ g̱̱̱", "Harbour", "Eastmoor", "EM1 2HQ"),
}  # fmt: skip


@pytest.mark.parametrize("script", TALL)
@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_no_letter_of_an_address_touches_one_on_the_next_line(script: str, large: bool) -> None:
    """However far the letters of a script reach up and down, in as many lines as an address may have."""
    pdf = render(letter(LetterKind.REFUSAL, recipient=TALL[script], large_print=large))
    address, others = parted(pdf)
    inked = [one for one in address if one.right > one.left and one.bottom > one.top]
    bases = sorted({round(one.base, 1) for one in inked})
    assert len(bases) >= 4
    for patch in patches(pdf, Area(20, 50, 112, 92)):
        assert len([base for base in bases if {round(base - up / 10, 1) for up in range(5, 20)} <= patch]) < 2
    for one, (across, upwards) in places():
        assert all(shows(one, char, across, upwards)[0] for char in inked)
        assert not [char for char in others if shows(one, char, across, upwards)[1]]


def test_a_unit_shares_a_line_where_each_line_of_its_own_would_find_no_room() -> None:
    lines = (
        "Chief Immigration Officer M Harding", "Tracing Unit", "Home Office Immigration Enforcement", "Quay House",
        "Seaborough", "SB2 5LN",
    )  # fmt: skip
    pdf = render(letter(LetterKind.REFUSAL, recipient=lines))
    address, _others = parted(pdf)
    shown = "".join(char.char for char in address)
    assert shown == ", ".join(lines[:4]).replace(" ", "") + "SeaboroughSB25LN"
    assert window_lines(pdf)[1:4] == ["MHarding,TracingUnit,", "HomeOfficeImmigration", "Enforcement,QuayHouse"]
    initial, name = (next(one.base for one in address if one.char == char) for char in "MH")
    assert initial == name, "an initial stays with its name"
    assert "For the attention of" not in text_of(pdf)


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_a_line_breaks_before_the_person_s_name_and_not_within_it(large: bool) -> None:
    lines = address_block(
        ("Overseas visitor manager Gwen Prior", "Overseas visitors team", "Westmere NHS Foundation Trust"),
        "Trust Headquarters\nWestmere",
        "WM4 8RD",
    )
    pdf = render(letter(LetterKind.REFUSAL, recipient=lines, large_print=large))
    assert window_lines(pdf)[:2] == ["Overseasvisitormanager", "GwenPrior,Overseasvisitors"]
    short = (lines[0], "Westmere NHS Foundation Trust", "Westmere", "WM4 8RD")
    pdf = render(letter(LetterKind.REFUSAL, recipient=short, large_print=large))
    assert window_lines(pdf)[:3] == ["Overseasvisitormanager", "GwenPrior", "WestmereNHSFoundationTrust"]


@pytest.mark.parametrize(("in_welsh", "label"), [(False, ""), (True, "At sylw / ")])
def test_what_stands_below_the_window_says_that_it_is_of_whom_the_letter_is_for(in_welsh: bool, label: str) -> None:
    facts = letter(LetterKind.NO_TRACE, recipient=LONGEST, in_welsh=in_welsh)
    read = " ".join(text_of(render(facts)).split())
    assert f"{label}For the attention of: Public Protection and Missing Persons, Eastmoor Police" in read
