"""The blank application form, to be filled in with a pen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.colors import Color

from portal.documents import fonts
from portal.documents.flow import LEFT, WIDTH, Sheet
from portal.documents.fonts import Weight
from portal.documents.letterhead import INK, QUIET, SLATE
from portal.documents.tagging import one_at_a_time
from portal.paper.rules import CHECKS, HOW_TO_FILL, SIGN, Answer, Part, Place, Question, how_to_send_back, in_a_row

LINE, BOX, TICK, GAP, BEHIND = 24.0, 56.0, 13.0, 16.0, 7.0
BEGINS = 112.0
SIZE, SMALL = 10.5, 9.0
LARGE = 16 / SIZE
"""Large print is 16 points and more, as RNIB asks."""


@dataclass(frozen=True)
class BlankForm:
    """Everything the application asks, with boxes to write in. `code` says which area and which questions."""

    place: Place
    parts: tuple[Part, ...]
    code: str
    printed_on: date
    is_large: bool = False

    @one_at_a_time
    def render(self) -> bytes:
        """A tagged PDF."""
        place = self.place
        title = f"Apply to be a peer mentor in {place.area}"
        scale = LARGE if self.is_large else 1.0
        sheet = Sheet(
            title=f"Form {self.code}: {title}", scheme=place.scheme, dated=self.printed_on, scale=scale,
            is_filled_in=True,
        )  # fmt: skip
        sheet.heading(title, 1)
        for sentence in HOW_TO_FILL:
            sheet.paragraph(sentence)
        for part in self.parts:
            _part(sheet, part)
        _checks(sheet)
        sheet.heading("How to send it back")
        sheet.points(how_to_send_back(place))
        sheet.paragraph(f"For staff: this is form {self.code}. Received on: ____________", size=SMALL, colour=QUIET)
        return sheet.finish()


def _part(sheet: Sheet, part: Part) -> None:
    rows = list(_rows(part.questions, is_single=sheet.scale > 1))
    sheet.need(BEGINS * sheet.scale)  # a heading, what is said below it, and the first question stay together
    sheet.heading(part.title)
    if part.intro:
        sheet.paragraph(" ".join(part.intro), size=SMALL + 0.5)
    if part.prompts:
        sheet.paragraph(f"Like: {in_a_row(part.prompts)}", size=SMALL)
    for row in rows:
        _row(sheet, row)


def _rows(questions: Sequence[Question], *, is_single: bool) -> Iterator[tuple[Question, ...]]:
    """Short questions side by side, as many as a line holds; every other one has the whole width."""
    row: list[Question] = []
    for each in questions:
        is_full = is_single or sum(one.share for one in (*row, each)) > 1.01
        if row and (is_full or (each.answer is Answer.TICK) != (row[0].answer is Answer.TICK)):
            yield tuple(row)
            row = []
        row.append(each)
    if row:
        yield tuple(row)


def _row(sheet: Sheet, row: tuple[Question, ...]) -> None:
    if all(each.answer is Answer.TICK for each in row):
        _ticks(sheet, [each.words for each in row])
        return
    scale = sheet.scale
    widths = [WIDTH if scale > 1 else each.share * (WIDTH + GAP) - GAP for each in row]
    heads = [_head(each, width, scale) for each, width in zip(row, widths, strict=True)]
    tallest = max(head.height for head in heads)
    answers = {Answer.LINE: LINE * scale, Answer.BOX: BOX}
    low = max(
        answers.get(each.answer) or _height(sheet, each.choices, width) for each, width in zip(row, widths, strict=True)
    )
    # All of a row stands on one page: nobody looks overleaf for the rest of a choice.
    sheet.need(tallest + low + 8 * scale)
    top = low = sheet.y
    left = LEFT - GAP
    for each, head, width in zip(row, heads, widths, strict=True):
        left, sheet.y = left + GAP, top
        _say_head(sheet, head, left)
        sheet.y = min(sheet.y, top - tallest) - 2 * scale
        if each.answer in answers:
            _box(sheet, answers[each.answer], width=width, left=left)
        else:
            _ticks(sheet, each.choices, width=width, left=left)
        left += width
        low = min(low, sheet.y)
    sheet.y = low - scale


@dataclass(frozen=True)
class _Head:
    """A question's words and hint as they are set: the hint behind the words where the line has room for both."""

    words: list[str]
    hint: list[str]
    is_behind: bool
    height: float


def _head(question: Question, width: float, scale: float) -> _Head:
    words = fonts.wrap(question.words, Weight.STRONG, SIZE * scale, width)
    hint = _hint(question)
    if not hint:
        return _Head(words, [], is_behind=False, height=len(words) * SIZE * 1.35 * scale)
    room = width - _wide(words[-1], Weight.STRONG, SIZE * scale) - BEHIND * scale
    is_behind = _wide(hint, Weight.TEXT, SMALL * scale) <= room
    lines = [hint] if is_behind else fonts.wrap(hint, Weight.TEXT, SMALL * scale, width)
    more = 0 if is_behind else len(lines) * SMALL * 1.4 * scale
    return _Head(words, lines, is_behind, len(words) * SIZE * 1.35 * scale + more)


def _say_head(sheet: Sheet, head: _Head, left: float) -> None:
    size = SIZE * sheet.scale
    with sheet.canvas.marked("P"):
        _say(sheet, head.words, left, SIZE, INK, Weight.STRONG)
    if not head.hint:
        return
    if head.is_behind:
        left += _wide(head.words[-1], Weight.STRONG, size) + BEHIND * sheet.scale
        sheet.y += size * 1.35 - (SIZE - SMALL) * sheet.scale
    with sheet.canvas.marked("P"):
        _say(sheet, head.hint, left, SMALL, QUIET, Weight.TEXT)


def _wide(words: str, weight: Weight, size: float) -> float:
    return fonts.set_line(words, weight).width(size)


def _hint(question: Question) -> str:
    how = {Answer.ONE: "Tick one." if len(question.choices) > 2 else "", Answer.SOME: "Tick all that fit."}
    return how.get(question.answer, "") or question.hint


def _say(sheet: Sheet, lines: Sequence[str], left: float, size: float, colour: Color, weight: Weight) -> None:
    size *= sheet.scale
    for n, line in enumerate(lines, start=1):
        sheet.canvas.say(line, left, sheet.y - size, size=size, colour=colour, weight=weight, more=n < len(lines))
        sheet.y -= size * 1.35


def _box(sheet: Sheet, height: float, *, width: float = WIDTH, left: float = LEFT) -> None:
    """A box to write in: seen, never read aloud, as the question above it says what belongs there."""
    with sheet.canvas.furniture():
        sheet.canvas.saveState()
        sheet.canvas.setStrokeColor(SLATE)
        sheet.canvas.setLineWidth(1)
        sheet.canvas.rect(left, sheet.y - height, width, height, stroke=1, fill=0)
        sheet.canvas.restoreState()
    sheet.y -= height + 4


def _laid(sheet: Sheet, choices: Sequence[str], width: float) -> tuple[float, list[list[list[str]]]]:
    """How wide a column of choices is, and the rows of choices, each wrapped to its column: the lowest there is."""
    size, side, gap = SIZE * sheet.scale, TICK * sheet.scale, 7 * sheet.scale
    longest = max(fonts.set_line(word, Weight.TEXT).width(size) for words in choices for word in words.split())
    most = max(1, min(4, int(width // (longest + side + 2.2 * gap))))
    laid = []
    for columns in range(1, most + 1):
        step = width / columns
        lines = [fonts.wrap(words, Weight.TEXT, size, step - side - 2.2 * gap) for words in choices]
        laid.append((step, [lines[first : first + columns] for first in range(0, len(lines), columns)]))
    return min(laid, key=lambda each: sum(_row_height(sheet, row) for row in each[1]))


def _row_height(sheet: Sheet, row: list[list[str]]) -> float:
    return max(TICK, max(map(len, row)) * SIZE * 1.35) * sheet.scale + 3.5 * sheet.scale


def _height(sheet: Sheet, choices: Sequence[str], width: float) -> float:
    return sum(_row_height(sheet, row) for row in _laid(sheet, choices, width)[1])


def _ticks(sheet: Sheet, choices: Sequence[str], *, width: float = WIDTH, left: float = LEFT) -> None:
    """Squares with words beside them: several in a row where they are short."""
    size, side, gap = SIZE * sheet.scale, TICK * sheet.scale, 7 * sheet.scale
    step, rows = _laid(sheet, choices, width)
    with sheet.canvas.element("L", attributes="/O/List/ListNumbering/None"):
        for row in rows:
            sheet.need(_row_height(sheet, row))
            for n, lines in enumerate(row):
                x = left + n * step
                _square(sheet, x, side)
                with sheet.canvas.element("LI"), sheet.canvas.marked("LBody"):
                    for m, line in enumerate(lines):
                        at = sheet.y - side * 0.78 - m * size * 1.35
                        more = m + 1 < len(lines)
                        sheet.canvas.say(line, x + side + gap, at, size=size, colour=INK, more=more)
            sheet.y -= _row_height(sheet, row)
    sheet.space(2)


def _square(sheet: Sheet, x: float, side: float) -> None:
    with sheet.canvas.furniture():
        sheet.canvas.saveState()
        sheet.canvas.setStrokeColor(SLATE)
        sheet.canvas.setLineWidth(1.1)
        sheet.canvas.rect(x, sheet.y - side, side, side, stroke=1, fill=0)
        sheet.canvas.restoreState()


def _checks(sheet: Sheet) -> None:
    sheet.heading("Checks, privacy and your signature")
    sheet.points(CHECKS)
    sheet.need((SIZE * 4 + 62) * sheet.scale)
    sheet.paragraph(SIGN)
    top = sheet.y
    for words, left, share in (("Your signature", LEFT, 0.62), ("Date", LEFT + WIDTH * 0.65, 0.35)):
        sheet.y = top
        with sheet.canvas.marked("P"):
            at = sheet.y - SIZE * sheet.scale
            sheet.canvas.say(
                words, left, at, size=SIZE * sheet.scale, colour=INK, weight=Weight.STRONG
            )  # fmt: skip
        sheet.y -= SIZE * sheet.scale * 1.5
        _box(sheet, 40.0, width=WIDTH * share, left=left)
