"""Pictures for letters: looked through before they are kept, and brought into the one form that every letter prints."""

from __future__ import annotations

import io
import warnings

from desktop.letters.facts import LetterError

MOST_BYTES = 500_000
MOST_SIDE = 4000
_PIXELS = (1063, 283)
"""45 by 12 mm at 600 dots an inch: what a letterhead has room for."""


def sound_logo(data: bytes) -> bytes:
    """A PNG or JPEG picture as letters print it: a PNG of 8 bits a colour, no larger than is printed, and without
    anything else that the file held, such as where and by whom it was taken.

    Raises LetterError, with words for whoever chose it.
    """
    from PIL import Image, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise LetterError("logo", "The file is larger than 500 KB. Choose a smaller picture.")
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as opened:
            warnings.simplefilter("ignore")
            if max(opened.size) > MOST_SIDE:
                raise LetterError("logo", f"The picture is larger than {MOST_SIDE:,} pixels. Choose a smaller one.")
            clear = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
            picture = opened.convert("RGBA" if clear else "RGB")
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
