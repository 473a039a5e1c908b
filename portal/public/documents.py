"""The picture that a phone shows when somebody passes the address of a scheme on."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import fontpkg_fira_sans
import fontpkg_ibm_plex_sans_arabic
from PIL import Image, ImageDraw, ImageFont

from portal.documents.fonts import Weight, fit, set_line

WIDE, HIGH, EDGE = 1200, 630, 80  # what phones and networks ask for: 1.91 to 1
ROOM = WIDE - 2 * EDGE
SLATE, WHITE, LIGHT = (47, 72, 88), (255, 255, 255), (214, 226, 233)
LEADING = 1.18
MOST_LINES = 3
COLOURS = 32  # edges of letters stay smooth, and the file small


@dataclass(frozen=True)
class ShareCard:
    """One card: who, where, and what it is about. The same facts make the same bytes."""

    scheme: str
    area: str = ""
    strapline: str = ""

    def render(self) -> bytes:
        """The card as a PNG, 1200 by 630; drawn once a process."""
        return _drawn(self)


@lru_cache(maxsize=128)
def _drawn(card: ShareCard) -> bytes:
    image = Image.new("RGB", (WIDE, HIGH), SLATE)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, HIGH - 24, WIDE, HIGH), fill=LIGHT)
    lead = f"Be a peer mentor in {card.area}" if card.area else "Be a peer mentor"
    down = _block(draw, lead, Weight.TEXT, (44.0, 38.0, 32.0), EDGE - 10, LIGHT, most=2)
    down = _block(draw, card.scheme, Weight.STRONG, (96.0, 84.0, 72.0, 60.0, 50.0, 42.0), down + 24, WHITE)
    if card.strapline:
        _block(draw, card.strapline, Weight.TEXT, (40.0, 36.0, 32.0, 28.0), down + 24, LIGHT)
    out = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _block(
    draw: ImageDraw.ImageDraw, text: str, weight: Weight, sizes: tuple[float, ...], top: float,
    colour: tuple[int, int, int], *, most: int = MOST_LINES,
) -> float:  # fmt: skip
    """Set a text in as many lines as it takes, at most `most`; how far down the next one may begin."""
    size, lines = fit(text, weight, sizes, ROOM, most)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]}…"]
    for line in lines:
        placed = set_line(line, weight)
        left = WIDE - EDGE - placed.width(size) if placed.is_right_to_left else float(EDGE)
        for run in placed.runs:
            draw.text((left, top), run.letters, font=_font(run.font, size), fill=colour)
            left += run.em * size
        top += size * LEADING
    return top


@lru_cache(maxsize=32)
def _font(name: str, size: float) -> ImageFont.FreeTypeFont:
    """A font of our PDFs. The letters come already joined and in the order they are seen: no second layout."""
    package = fontpkg_fira_sans if name.startswith("FiraSans") else fontpkg_ibm_plex_sans_arabic
    file = Path(package.ROOT) / "files" / f"{name}.ttf"
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)
