"""The fonts of every PDF, and how a person's name is set in them, whatever script it is written in."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

import arabic_reshaper
import fontpkg_fira_sans
import fontpkg_ibm_plex_sans_arabic
from bidi import get_base_level, get_display
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_LATIN, _ARABIC = "FiraSans", "IBMPlexSansArabic"


class Weight(Enum):
    """The weights a page uses; each has an Arabic companion of the same colour on the page."""

    TEXT = "Regular"
    STRONG = "SemiBold"
    SLANT = "Italic"
    """For emphasis inside a sentence."""

    @property
    def latin(self) -> str:
        """The registered font for Latin, Greek and Cyrillic letters."""
        return f"{_LATIN}-{self.value}"

    @property
    def arabic(self) -> str:
        """The registered font for Arabic, Persian and Urdu letters."""
        return f"{_ARABIC}-{'Regular' if self is Weight.SLANT else self.value}"  # Arabic letters do not slant


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring letters that share a font, from left to right as they are seen."""

    font: str
    letters: str
    em: float  # how wide at one point of size: widths grow with size, so one measurement serves all


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is seen, and as it is read aloud or copied when that differs."""

    runs: tuple[Run, ...]
    spoken: str | None = None
    is_right_to_left: bool = False

    def width(self, size: float) -> float:
        """How wide the line is in points."""
        return size * sum(run.em for run in self.runs)

    def strokes(self, size: float) -> Iterator[tuple[float, str, str]]:
        """Where to draw what, as (points from the left, font, letters), in the order it is *read*.

        Programs that read a page aloud or copy from it take the order of drawing for the order of reading,
        so Arabic letters are drawn one by one from the right.
        """
        lefts = accumulate((run.em for run in self.runs), initial=0.0)
        placed = list(zip(lefts, self.runs, strict=False))
        for left, run in reversed(placed) if self.is_right_to_left else placed:
            if run.font.startswith(_ARABIC):
                measure = register()[run.font].stringWidth
                steps = accumulate((measure(letter, 1) for letter in run.letters), initial=left)
                for at, letter in reversed(list(zip(steps, run.letters, strict=False))):
                    yield at * size, run.font, letter
            else:
                yield left * size, run.font, run.letters


class _ArabicFont(TTFont):
    """A font whose joined shapes say which plain letters they stand for, to who copies or searches."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's name
        """Embed the letters used."""
        known = set(doc.idToObject)
        super().addObjects(doc)
        for name in doc.idToObject.keys() - known:
            if name.startswith("toUnicodeCMap:"):
                stream = doc.idToObject[name]
                stream.content = re.sub(r"<(F[BE][0-9A-F]{2})>", _plain_letters, stream.content)


def _plain_letters(shape: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", chr(int(shape[1], 16)))
    return f"<{plain.encode('utf-16-be').hex().upper()}>"


# An Arabic letter's shape depends on its neighbours. Vowel marks are spoken and not drawn: placing them
# well takes more than a font.
_RESHAPER = arabic_reshaper.ArabicReshaper({"delete_harakat": True, "support_zwj": True})
# Signs that say how to lay text out and have no shape of their own.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = "\u200c\u200d"


@functools.cache
def _letters_in(font: str) -> frozenset[int]:
    return frozenset(register()[font].face.charToGlyph)


@functools.cache
def register() -> dict[str, TTFont]:
    """Give reportlab our fonts, once a process. Only the letters used are ever embedded in a PDF."""
    latin, arabic = Path(fontpkg_fira_sans.ROOT), Path(fontpkg_ibm_plex_sans_arabic.ROOT)
    fonts: dict[str, TTFont] = {}
    for weight in Weight:
        for kind, root, name in ((TTFont, latin, weight.latin), (_ArabicFont, arabic, weight.arabic)):
            # asciiReadable would embed the whole of ASCII each time: bigger and slower for nobody's good.
            fonts[name] = kind(name, str(root / "files" / f"{name}.ttf"), asciiReadable=False)
            pdfmetrics.registerFont(fonts[name])
    return fonts


def clean(text: str) -> str:
    """One line of composed letters: no control signs, no doubled spaces, `n` + `~` made `ñ`."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(c for c in composed if c in _JOINERS or unicodedata.category(c) not in _INVISIBLE)


def can_show(text: str) -> bool:
    """Whether our fonts have every letter. When not, ask for the name in Latin letters too."""
    text = clean(text)
    return all(_font_for(c, Weight.TEXT) for c in _visual(text)) if text else False


def as_printed(name: str, romanised: str | None) -> tuple[str, str | None]:
    """How a name is printed: as its owner writes it, and in Latin letters beneath when that helps a reader.

    A name in letters that our fonts lack is printed in its romanised form alone.
    """
    romanised = clean(romanised) if romanised else None
    if not romanised or romanised == clean(name):
        return name, None
    return (name, romanised) if can_show(name) else (romanised, None)


@functools.lru_cache(maxsize=4096)
def set_line(text: str, weight: Weight = Weight.TEXT) -> Line:
    """Choose fonts, join Arabic letters and put right-to-left text in drawing order."""
    text = clean(text)
    if all(ord(c) in _letters_in(weight.latin) for c in text):
        return Line((_run(weight.latin, text),))
    drawn: list[tuple[str, str]] = []
    for letter in _visual(text):
        drawn.extend(_choose(letter, weight, drawn[-1][0] if drawn else weight.latin))
    runs = (_run(font, "".join(c for _, c in letters)) for font, letters in groupby(drawn, key=lambda pair: pair[0]))
    return Line(tuple(runs) or (_run(weight.latin, "?"),), text, bool(get_base_level(text)))


def followed_by_space(line: Line) -> Line:
    """The line with a space after its last letter, for a sentence that goes on below; it takes no room."""
    last = line.runs[-1]
    if line.is_right_to_left:
        return line
    return replace(line, runs=(*line.runs[:-1], replace(last, letters=last.letters + " ")))


def wrap(text: str, weight: Weight, size: float, width: float) -> list[str]:
    """Break text into lines no wider than `width`: between words, or inside a word that is wider itself."""
    lines: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        for piece in _pieces(word, weight, size, width):
            longer = f"{line} {piece}" if line else piece
            if line and set_line(longer, weight).width(size) > width:
                lines.append(line)
                line = piece
            else:
                line = longer
    return [*lines, line]


def space(size: float) -> float:
    """How wide the space between two words is."""
    return float(register()[Weight.TEXT.latin].stringWidth(" ", size))


def wrap_rich(
    words: Sequence[tuple[tuple[str, Weight], ...]], size: float, width: float
) -> list[tuple[tuple[str, Weight], ...]]:
    """Break words, each of parts that may differ in weight, into lines; a part followed by a space ends in one."""
    lines: list[list[tuple[str, Weight]]] = [[]]
    at = 0.0
    for word in words:
        wide = sum(set_line(text, weight).width(size) for text, weight in word)
        if wide > width:  # an address say, broken wherever it must be
            pieces = [((part, weight),) for text, weight in word for part in wrap(text, weight, size, width)]
            lines += [list(piece) for piece in pieces]
            at = sum(set_line(text, weight).width(size) for text, weight in pieces[-1])
            continue
        if lines[-1] and at + space(size) + wide > width:
            lines.append([])
            at = 0.0
        if lines[-1]:
            text, weight = lines[-1][-1]
            lines[-1][-1] = (text + " ", weight)
            at += space(size)
        lines[-1] += word
        at += wide
    return [_joined(line) for line in lines if line]


def _joined(line: Sequence[tuple[str, Weight]]) -> tuple[tuple[str, Weight], ...]:
    """Neighbours of one weight as one part: fewer strokes, and whole sentences for who copies them."""
    return tuple(("".join(text for text, _ in parts), weight) for weight, parts in groupby(line, key=lambda p: p[1]))


def fit(text: str, weight: Weight, sizes: tuple[float, ...], width: float, most: int) -> tuple[float, list[str]]:
    """The largest of `sizes` at which text takes fewest lines; the smallest if `most` are too few."""
    for lines_allowed in range(1, most + 1):
        for size in sizes:
            lines = wrap(text, weight, size, width)
            if len(lines) <= lines_allowed:
                return size, lines
    return sizes[-1], wrap(text, weight, sizes[-1], width)


def _run(font: str, letters: str) -> Run:
    return Run(font, letters, register()[font].stringWidth(letters, 1))


def _pieces(word: str, weight: Weight, size: float, width: float) -> Iterator[str]:
    if set_line(word, weight).width(size) <= width:
        yield word
        return
    piece = ""
    for letter in word:
        if piece and set_line(piece + letter, weight).width(size) > width:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _visual(text: str) -> str:
    """The letters in drawing order; shaping letters that the fonts lack is left to `_choose`."""
    if not any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text):
        return "".join(c for c in text if c not in _JOINERS)
    return "".join(c for c in get_display(_RESHAPER.reshape(text)) if c not in _JOINERS)


def _choose(letter: str, weight: Weight, before: str) -> Iterator[tuple[str, str]]:
    """The font and shape for a letter; a sign between letters keeps the font of what is `before`."""
    if not letter.isalnum() and ord(letter) in _letters_in(before):
        yield before, letter
    elif font := _font_for(letter, weight):
        yield font, letter if ord(letter) in _letters_in(font) else unicodedata.normalize("NFKC", letter)
    elif unicodedata.category(letter)[0] in "LN":
        yield weight.latin, "?"  # an emoji or a stray mark is left out; a letter is never dropped unseen


def _font_for(letter: str, weight: Weight) -> str | None:
    # The Arabic font draws a letter's free-standing shape under the plain letter only: NFKC leads back to it.
    for form in (letter, unicodedata.normalize("NFKC", letter)):
        for font in (weight.latin, weight.arabic):
            if len(form) == 1 and ord(form) in _letters_in(font):
                return font
    return None
