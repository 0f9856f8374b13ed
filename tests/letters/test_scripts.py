"""People's own names: in whatever script, they print as they are written and read back as they were typed."""

from __future__ import annotations

import io
import random
import re
import shutil
import struct
import subprocess
import sys
import unicodedata
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from bidi import get_display
from PySide6.QtWidgets import QApplication

from db.records import LetterKind
from desktop.casework.issuing import preview_of
from desktop.letters import faces, shaping
from desktop.letters.facts import ItemRow
from desktop.letters.pages import missing_glyphs, render, why_missing
from desktop.letters.parts import printable, register_fonts
from desktop.letters.shaping import pieces_of
from tests.letters.conformance import problems
from tests.letters.drawing import FONTS, by_qt, drawn, unlike
from tests.letters.factory import letter
from tests.letters.reading import MM, chars_of, fonts_of, lines_of, notdefs, pages_of, read_by_content, text_of
from tests.letters.test_pages import within_margins

NAMES = {
    "Latin": "Zoë Šárka Đặng-Åkesson",
    "Yoruba": "Adébáyọ̀ Ọ̀ṣúnẹ̀",
    "Vietnamese": "Nguyễn Thị Ngọc Bích",
    "Lithuanian": "Žydrū́nė Ė̃glė",
    "phonetic": "ˈt͡ʃɛ̃ːŋ",
    "Greek": "Αθηνά Παπαδοπούλου",
    "Cyrillic": "Дмитро Ґереґа",
    "Arabic": "عبد الرحمن البصري",
    "Arabic with vowels": "مُحَمَّد عَلَاء",
    "Persian": "زهرا نیک‌زاد",
    "Urdu": "محمد یوسفزئی",
    "Hebrew": "שרה בן־חיים",
    "Hebrew with points": "שָׂרָה לֵוִי",
    "Devanagari": "श्रीकृष्ण द्विवेदी",
    "Bengali": "অনির্বাণ চট্টোপাধ্যায়",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Gujarati": "જ્યોત્સ્ના પટેલ",
    "Tamil": "கிருஷ்ணமூர்த்தி வேலு",
    "Telugu": "వెంకటేశ్వర్లు శ్రీను",
    "Kannada": "ಕೃಷ್ಣಮೂರ್ತಿ ಹೆಗ್ಡೆ",
    "Malayalam": "ശ്രീകുമാർ നമ്പൂതിരി",
    "Sinhala": "ශ්‍රීමතී වික්‍රමසිංහ",
    "Thai": "กิตติพงษ์ น้ำเพชร",
    "Ethiopic": "ገብረ ሚካኤል",
    "Armenian": "Հովհաննես Գրիգորյան",
    "Georgian": "გიორგი ჭავჭავაძე",
    "Chinese": "李文王",
    "Japanese": "佐藤　さくら",
    "Korean": "김 민서",
}
"""Invented, each of a given and a family name."""
EAST_ASIAN = ("Chinese", "Japanese", "Korean")
RIGHT_TO_LEFT = ("Arabic", "Arabic with vowels", "Persian", "Urdu", "Hebrew", "Hebrew with points")


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some characters of Chinese, Japanese and Korean are among this person's fonts."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    shutil.copytree(FONTS, tmp_path / "fonts")
    pieces_of.cache_clear()


def everywhere(name: str, *, large_print: bool = False) -> bytes:
    """A letter with the name in its text, its address, a reference in bold, and a cell of its table."""
    return render(
        letter(
            LetterKind.DISCLOSURE,
            person=f"{name}, born 4 November 1991",
            recipient=(name, "Eastmoor Constabulary", "EM1 2HQ"),
            their_reference=name,
            items=(ItemRow("Name", name, "14 May 2012"),),
            large_print=large_print,
        )
    )


@pytest.mark.parametrize("script", NAMES)
def test_a_name_reads_back_as_it_was_typed(script: str, tmp_path: Path) -> None:
    name = as_read(NAMES[script])
    pdf = everywhere(NAMES[script])
    (tmp_path / "letter.pdf").write_bytes(pdf)
    by_poppler = without_marks(run("pdftotext", str(tmp_path / "letter.pdf"), "-"))
    assert as_read(by_poppler).count(name) == 4
    by_content = read_by_content(pdf)
    assert as_read(by_content).count(name) == 4, "in reading order, as the standard reads a page"
    # On a line that runs from left to right, pdfium puts what runs from right to left in the wrong order at each space
    # and mark, whoever wrote the file. Where the name has a line to itself, as in the address, it reads right.
    by_pdfium = as_read(without_marks("\n".join(pages_of(pdf)))).count(name)
    assert by_pdfium == 4 or (by_pdfium >= 2 and script in RIGHT_TO_LEFT)


@pytest.mark.parametrize("weight", shaping.WEIGHTS)
@pytest.mark.parametrize("script", NAMES)
def test_a_name_looks_as_another_engine_draws_it(script: str, weight: str, qapp: QApplication) -> None:
    name = unicodedata.normalize("NFC", NAMES[script])
    ours = drawn(name, weight)
    assert unlike(ours, by_qt(name, weight)) < 0.1
    if script not in EAST_ASIAN:
        assert unlike(ours, drawn(name[::-1], weight)) > 0.1, "the measure tells one name from another"


@pytest.mark.parametrize("script", NAMES)
def test_a_name_keeps_a_letter_conforming(script: str) -> None:
    assert problems(everywhere(NAMES[script])) == []
    assert problems(everywhere(NAMES[script], large_print=True)) == []


@pytest.mark.parametrize("script", NAMES)
def test_a_name_is_printed_whole_and_by_embedded_fonts(script: str) -> None:
    pdf = everywhere(NAMES[script])
    within_margins(pdf)
    assert missing_glyphs(letter(LetterKind.DISCLOSURE, person=NAMES[script])) == ()
    assert notdefs(pdf) == 0
    assert all(b"+" in font for font in fonts_of(pdf))


def test_both_directions_stand_on_one_line() -> None:
    name = "أحمد (البصري) 999 000 0018"
    typed = f"Mr {name} of Westmere (12), known as שרה 3-4 and Zoë"
    pdf = render(letter(LetterKind.REFUSAL, reasons=(typed,)))
    assert typed in " ".join(read_by_content(pdf).split())


def test_both_directions_look_as_another_engine_draws_them(qapp: QApplication) -> None:
    typed = "Mr أحمد (البصري) 999 000 0018 of (12), שרה 3-4."
    assert unlike(drawn(typed, "Bold"), by_qt(typed, "Bold")) < 0.1


def test_every_line_is_put_in_the_order_of_the_standard() -> None:
    chars = "ab12 ،.-()אב۳٤عم 9"
    source = random.Random(9)
    for _ in range(500):
        line = "".join(source.choices(chars, k=source.randint(1, 24)))
        assert reordered(line, shaping.levels_of(line)) == get_display(line, base_dir="L"), line


@pytest.mark.parametrize("script", ["Arabic", "Hebrew with points", "Thai", "Devanagari", "Yoruba", "Chinese"])
def test_a_long_name_goes_on_in_the_next_line_with_its_next_words(script: str) -> None:
    words = [NAMES[script], "of"] * 40
    pdf = render(letter(LetterKind.REFUSAL, reasons=(" ".join([*words, "12"]),)))
    within_margins(pdf)
    assert as_read(" ".join([*words, "12"])) in as_read(read_by_content(pdf))


@pytest.mark.parametrize("script", ["Arabic", "Thai", "Tamil", "Chinese", "Ethiopic"])
def test_a_word_longer_than_a_line_is_broken_between_its_letters(script: str) -> None:
    word = NAMES[script].replace(" ", "") * 40
    pdf = render(letter(LetterKind.DISCLOSURE, items=(ItemRow("Name", word, "14 May 2012"),)))
    within_margins(pdf, pages=2)
    assert notdefs(pdf) == 0
    printed = "".join(read_by_content(pdf).split())
    for n in range(0, len(word) - 4, 4):
        assert any(word[n : n + 4 - cut] in printed for cut in range(3)), n
    for line in read_by_content(pdf).splitlines():
        assert not line or unicodedata.category(line[0])[0] != "M", "no line begins with a mark"


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("script", [script for script in NAMES if script not in EAST_ASIAN])
def test_each_line_of_a_wrapped_name_stands_below_the_last(script: str, large: bool) -> None:
    def long(length: int) -> str:
        # Numbered: pdfium passes over a line that is the same as the one above it.
        return " ".join(f"{NAMES[script]} {n}" for n in range(length // len(NAMES[script]) + 1))

    usual = letter(LetterKind.PARTIAL_DISCLOSURE, large_print=large)
    for where, facts in {
        "table": replace(usual, items=(ItemRow("Name", long(80), "14 May 2012"),)),
        "window": replace(usual, recipient=(long(60), "EM1 2HQ")),
        "side": replace(usual, their_reference=long(80)),
        "paragraph": replace(usual, not_given=(long(150),)),
    }.items():
        pdf = render(facts)
        letters = {char for char in NAMES[script] if char.isalpha() and not char.isascii()}
        written = [line for line in read_by_content(pdf).splitlines() if letters & set(line)]
        bases = [
            [base for base, _ in lines_of([one for one in chars_of(pdf, page) if one.char in letters])]
            for page in range(len(pages_of(pdf)))
        ]
        assert sum(map(len, bases)) == len(written) > 1, where
        steps = [after - before for page in bases for before, after in pairwise(page)]
        assert min(steps) * MM > 12, where


def test_lines_end_in_a_space_between_words_and_in_none_within_one() -> None:
    longest = NAMES["Chinese"] * 900  # More than a page.
    read = read_by_content(render(letter(LetterKind.REFUSAL, reasons=(f"Zoë {longest} of\n李文 is Zoë",))))
    lines = [line for line in read.splitlines() if "李文" in line]
    assert f"Zoë {longest} of 李文 is Zoë" in "".join(lines)


def test_no_line_ends_in_a_vowel_that_is_written_before_its_consonant() -> None:
    for start in ("", "ก"):
        pdf = render(letter(LetterKind.DISCLOSURE, items=(ItemRow("Name", start + "เก" * 60, "14 May 2012"),)))
        assert not re.search("เ$", read_by_content(pdf), re.MULTILINE)


def test_what_goes_on_after_a_lines_end_keeps_its_place() -> None:
    """A number that begins a line inside Arabic stands at that line's right, as if the line had not been broken."""
    from desktop.letters.linebreaks import break_lines

    face = shaping.shipped(faces.BASE, "Regular")
    register_fonts()
    text = "أحمد البصري 999 عبد الرحمن"
    lines = [line for _, line in break_lines(text, face, 12, [face.stringWidth("أحمد البصري ", 12) + 1])]
    assert "".join(lines).replace(shaping.INSIDE, "") == text
    assert lines[1].startswith(f"{shaping.INSIDE}999 ")
    assert all(shaping.levels_of(lines[1].rstrip()))


def test_what_is_put_together_is_allowed_for_in_the_embedded_font() -> None:
    with pikepdf.open(io.BytesIO(everywhere(NAMES["Devanagari"]))) as document:
        font = next(one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/FontFile2" in one)
        data = font.FontFile2.read_bytes()
    tables = {data[n : n + 4]: int.from_bytes(data[n + 8 : n + 12]) for n in range(12, 12 + 16 * data[5], 16)}
    points, contours = struct.unpack_from(">HH", data, tables[b"maxp"] + 10)
    parts, depth = struct.unpack_from(">HH", data, tables[b"maxp"] + 28)
    assert (points, contours, parts, depth) == (4096, 512, 64, 8)


def test_a_letter_in_latin_alone_embeds_no_other_font() -> None:
    assert {font.partition(b"+")[2] for font in fonts_of(render(letter(LetterKind.DISCLOSURE)))} == {
        b"NotoSans-Regular", b"NotoSans-Bold",
    }  # fmt: skip


def test_the_same_name_gives_the_same_bytes_whatever_was_printed_before() -> None:
    code = (
        "import hashlib, sys; from tests.letters.test_scripts import NAMES, everywhere\n"
        "for script in sys.argv[1].split(','): made = everywhere(NAMES[script])\n"
        "print(hashlib.sha256(made).hexdigest())"
    )
    said = {
        run(sys.executable, "-c", code, scripts).strip()
        for scripts in ("Urdu", "Devanagari,Arabic,Yoruba,Persian,Urdu")
    }
    assert len(said) == 1


def test_joiners_are_kept_where_they_shape_and_nowhere_else() -> None:
    assert printable("نیک‌زاد ශ්‍රී") == "نیک‌زاد ශ්‍රී"
    assert printable("Zo\u200de \u200dة a\u200c") == "Zoe ة a"


def test_what_no_font_has_is_named_and_never_prints_as_a_box() -> None:
    odd = "\U00010000 \u0378 \ue123"
    facts = letter(LetterKind.DISCLOSURE, person=odd)
    assert missing_glyphs(facts) == ("\U00010000", "\u0378", "\ue123")
    [said] = why_missing(missing_glyphs(facts), todo="Ask for another.")
    assert said == (
        "No font of the desk can print “\U00010000” (U+10000), “\u0378” (U+0378), “\ue123” (U+E123). Ask for another."
    )
    pdf = render(facts)
    assert notdefs(pdf) == 0
    assert "\ufffd \ufffd \ufffd" in text_of(pdf)


def test_what_keeps_a_letter_from_being_issued_is_said_in_the_preview() -> None:
    facts = letter(LetterKind.DISCLOSURE, person="\U00010000")
    [said] = preview_of(facts).problems
    assert said.startswith("No font of the desk can print “\U00010000” (U+10000). It stands in the requester’s form")


def test_a_mark_without_its_letter_prints_no_circle_in_its_place() -> None:
    for mark in "िั\u0301ுַ":
        face = shaping.shipped(faces.shipped_family(mark) or faces.BASE, "Regular")
        circle = face.face.charToGlyph.get(0x25CC)
        assert circle not in [part[0] for cluster in face.shape(mark, rtl=False).clusters for part in cluster.parts]


@pytest.mark.parametrize("base", ["e", "ب", "क"])
def test_a_tower_of_marks_stays_near_its_line_and_is_read_back(base: str) -> None:
    marks = {"e": "\u0323\u0301", "ب": "\u064b\u0650", "क": "\u093c\u0951"}[base]
    tower = unicodedata.normalize("NFC", base + marks[0] * 40 + marks[1] * 40)
    assert drawn(tower, "Regular").height < 2.2 * 96
    assert tower in read_by_content(render(letter(LetterKind.DISCLOSURE, person=tower)))


def test_the_marking_at_both_edges_is_shaped_as_well() -> None:
    name = NAMES["Arabic"]
    pdf = render(letter(LetterKind.DISCLOSURE, marking=name))
    assert read_by_content(pdf).count(name) == 2 * len(pages_of(pdf))


@pytest.mark.parametrize(
    ("platform", "advice"),
    [
        (
            "linux",
            "Install a font for Chinese, Japanese and Korean (on Debian and Ubuntu: the package fonts-wqy-zenhei).",
        ),
        ("win32", "In Settings, Optional features, add the supplemental fonts for Chinese, Japanese or Korean."),
        ("darwin", "In Font Book, add Arial Unicode or STHeiti."),
    ],
)
def test_without_a_font_of_the_system_the_desk_says_what_to_install(
    platform: str, advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    facts = letter(LetterKind.DISCLOSURE, person="李文 नि")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "wqy-zenhei.ttc").write_bytes(b"no font at all")
    for folders in ((), (tmp_path / "nowhere",), (broken,)):
        gone = missing_glyphs(facts, folders)
        assert gone == ("李", "文")
        [said] = why_missing(gone, folders, todo="")
        assert said.startswith("This computer has no font that can print “李” (U+674E), “文” (U+6587). ")
        assert said.endswith(f" {advice} Then open the letter again.")
    assert missing_glyphs(facts, (FONTS,)) == ()


def test_a_font_of_one_weight_prints_in_bold_too_and_the_persons_own_comes_first(tmp_path: Path) -> None:
    for folder in ("fonts", "fonts/again"):
        (tmp_path / folder).mkdir(exist_ok=True)
        shutil.copy(FONTS / "NanumGothic.ttf", tmp_path / folder / "wqy-zenhei.ttc")
    assert problems(everywhere(NAMES["Japanese"])) == []


def test_a_character_that_the_systems_font_lacks_is_not_blamed_on_its_absence() -> None:
    gone = missing_glyphs(letter(LetterKind.DISCLOSURE, person="李龘"), (FONTS,))
    assert gone == ("龘",)
    assert why_missing(gone, (FONTS,), todo="")[0].startswith("No font of the desk can print “龘”")


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_the_systems_fonts_are_looked_for_where_it_keeps_them(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("LOCALAPPDATA", "/own")
    folders = [path.as_posix() for path in faces.system_folders()]
    usual = {"linux": "/usr/share/fonts", "win32": "C:/Windows/Fonts", "darwin": "/System/Library/Fonts"}[platform]
    assert folders[-1].replace("\\", "/") == usual
    assert len(folders) > 1


def test_every_shipped_face_is_there_in_both_weights_and_has_its_script() -> None:
    for script, name in NAMES.items():
        families = {faces.shipped_family(char) for char in name} - {""}
        for family in families:
            for weight in shaping.WEIGHTS:
                face = shaping.shipped(family, weight)
                assert {ord(char) for char in name if faces.shipped_family(char) == family} <= face.covers, script


# -- Reading and drawing ---------------------------------------------------------------------------------------------


def as_read(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def without_marks(text: str) -> str:
    """Without the marks of direction that poppler adds to its text."""
    return re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def reordered(line: str, levels: list[int]) -> str:
    """The characters from left to right (UAX #9, L2)."""
    chars = list(line)
    for least in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(chars):
            end = start
            while end < len(chars) and levels[end] >= least:
                end += 1
            chars[start:end] = chars[start:end][::-1]
            levels = [*levels[:start], *levels[start:end][::-1], *levels[end:]]
            start = end + 1
    return "".join(chars)
