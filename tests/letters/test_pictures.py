"""A logo is looked through before it is kept, and kept as letters print it."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from db.people import organisation_of
from db.records import LetterKind, Role, State
from desktop.casework.accounts import logo_problem, organisation, save_organisation
from desktop.casework.desk import Invalid, Refused
from desktop.casework.issuing import Issue, issue, preview
from desktop.letters.facts import LetterError
from desktop.letters.pages import render
from desktop.letters.pictures import MOST_BYTES, sound_logo
from tests.fixtures import Office, on
from tests.letters.conformance import problems
from tests.letters.factory import letter, png
from tests.letters.factory import organisation as body


def picture(mode: str, form: str, size: tuple[int, int] = (300, 90), **more: Any) -> bytes:
    """A plain picture of this mode and format."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, form, **more)
    return out.getvalue()


def claiming(side: int) -> bytes:
    """A picture whose header says that it is so many pixels wide and high."""
    whole = picture("1", "PNG")
    header = b"IHDR" + struct.pack(">II", side, side) + whole[24:29]
    return whole[:12] + header + struct.pack(">I", zlib.crc32(header)) + whole[33:]


GOOD = {
    "palette": picture("P", "PNG"),
    "black and white": picture("1", "PNG"),
    "grey with a clear ground": picture("LA", "PNG"),
    "clear ground": picture("RGBA", "PNG"),
    "a palette with a clear colour": picture("P", "PNG", transparency=0),
    "sixteen bits": picture("I;16", "PNG"),
    "photograph": picture("RGB", "JPEG"),
    "four inks": picture("CMYK", "JPEG"),
    "thin": picture("RGB", "PNG", (4000, 1)),
    "large": picture("RGB", "PNG", (4000, 4000)),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_picture_of_any_sort_is_printed_in_a_letter_that_conforms(name: str) -> None:
    logo = sound_logo(GOOD[name])
    with Image.open(io.BytesIO(logo)) as kept:
        assert kept.format == "PNG"
        assert kept.mode in ("RGB", "RGBA")
        assert kept.size[0] <= 1063
        assert kept.size[1] <= 283
    assert problems(render(letter(LetterKind.REFUSAL, organisation=body(logo=logo)))) == []


def test_nothing_else_that_the_file_held_is_kept() -> None:
    exif = Image.Exif()
    exif[0x013B] = "Zebedee Quillfeather"
    logo = sound_logo(picture("RGB", "JPEG", exif=exif, comment=b"Zebedee"))
    assert b"Zebedee" not in logo
    assert b"Zebedee" not in render(letter(LetterKind.REFUSAL, organisation=body(logo=logo)))


@pytest.mark.parametrize("clear", [None, 0xFFFF])
def test_the_shades_of_a_grey_picture_of_sixteen_bits_stay_what_they_are(clear: int | None) -> None:
    out = io.BytesIO()
    grey = Image.new("I;16", (30, 9), 0x8000)
    grey.paste(0xFFFF, (0, 0, 10, 9))
    grey.save(out, "PNG", **({} if clear is None else {"transparency": clear}))
    with Image.open(io.BytesIO(sound_logo(out.getvalue()))) as kept:
        assert kept.convert("RGB").getpixel((20, 5)) == (128, 128, 128)
        assert kept.convert("RGBA").getpixel((5, 5)) == (255, 255, 255, 255 if clear is None else 0)


def test_a_photograph_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(sound_logo(picture("RGB", "JPEG", (90, 60), exif=exif)))) as kept:
        assert kept.size == (60, 90)


BAD = {
    "too many bytes": (b"\x89PNG\r\n\x1a\n" + b"0" * MOST_BYTES, "larger than 500 KB"),
    "too many pixels": (picture("1", "PNG", (4001, 8)), "larger than 4,000 pixels"),
    "an enormous size claimed": (claiming(60_000), "larger than 4,000 pixels"),
    "another format": (picture("RGB", "GIF"), "not a PNG or JPEG"),
    "a bitmap": (picture("RGB", "BMP"), "not a PNG or JPEG"),
    "no picture": (b"%PDF-1.7 and so on", "not a PNG or JPEG"),
    "nothing": (b"", "not a PNG or JPEG"),
    "its first bytes alone": (b"\x89PNG\r\n\x1a\n" + b"0" * 30, "damaged"),
    "cut off": (png(300, 100)[:-30], "damaged"),
    "a photograph cut off": (picture("RGB", "JPEG")[:-200], "damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_logo_is_refused_with_its_reason(name: str) -> None:
    data, words = BAD[name]
    assert words in logo_problem(data)
    with pytest.raises(LetterError, match=words):
        sound_logo(data)


def test_a_damaged_picture_never_crashes() -> None:
    whole = GOOD["clear ground"]
    for at in range(0, len(whole), 7):
        changed = whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
        assert isinstance(logo_problem(changed), str)


def test_no_way_in_brings_a_bad_logo_into_the_store(office: Office, tmp_path: Path) -> None:
    desk = office.desk(Role.ADMINISTRATOR)
    before = organisation(desk)
    with pytest.raises(Invalid, match="damaged"):
        save_organisation(desk, replace(before, logo=png(300, 100)[:-30]))
    save_organisation(desk, replace(before, logo=GOOD["large"]))
    with desk.store.read() as tx:
        kept = organisation_of(tx).logo
    assert kept is not None
    assert len(kept) < len(GOOD["large"])
    save_organisation(desk, replace(before, logo=kept))
    with desk.store.read() as tx:
        assert organisation_of(tx).logo == kept, "what is kept stays as it is"


@pytest.mark.parametrize("name", ["no picture", "cut off", "a photograph cut off"])
def test_a_logo_that_came_into_the_store_another_way_is_told_of_and_never_crashes(office: Office, name: str) -> None:
    done = office.in_state(State.RELEASED)
    with office.entry.store.write() as tx:
        tx.exec_driver_sql("UPDATE organisation SET logo=?", (BAD[name][0],))
    (problem,) = preview(office.caseworker, done.case_id).problems
    assert problem == "This is kept and is no picture: “Logo of Meridian Health Records”. Choose it again."
    with pytest.raises(Refused, match="is no picture"):
        issue(office.caseworker, Issue(**on(done)))
