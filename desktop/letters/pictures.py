"""Pictures for letters: looked through before they are kept, and brought into the one form that every letter prints."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from desktop.letters.facts import LetterError

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MOST_BYTES = 500_000
MOST_SIDE = 4000
_TOO_LARGE = f"The picture is larger than {MOST_SIDE:,} pixels. Choose a smaller one."
_PIXELS = (1063, 283)
"""45 by 12 mm at 600 dots an inch: what a letterhead has room for."""


def sound_logo(data: bytes) -> bytes:
    """A PNG or JPEG picture as letters print it: a PNG of 8 bits a colour, no larger than is printed, and without
    anything else that the file held, such as where and by whom it was taken.

    Raises LetterError, with words for whoever chose it.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise LetterError("logo", "The file is larger than 500 KB. Choose a smaller picture.")
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as opened:
            if max(opened.size) > MOST_SIDE:
                raise LetterError("logo", _TOO_LARGE)
            clear = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
            picture = ImageOps.exif_transpose(_of_8_bits(opened)).convert("RGBA" if clear else "RGB")
    except Image.DecompressionBombError:
        raise LetterError("logo", _TOO_LARGE) from None
    except UnidentifiedImageError:
        known = data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
        raise LetterError(
            "logo", "The picture is damaged." if known else "This is not a PNG or JPEG picture."
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError):
        raise LetterError("logo", "The picture is damaged.") from None
    picture.thumbnail(_PIXELS)
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _of_8_bits(picture: Picture) -> Picture:
    """A grey picture of 16 bits in 8: Pillow would take each of its shades but the darkest for white."""
    if not picture.mode.startswith("I"):
        return picture
    scaled = picture.convert("I").point(lambda shade: shade / 256).convert("L")
    scaled.info = {**picture.info}
    if "transparency" in scaled.info:
        scaled.info["transparency"] >>= 8
    return scaled
