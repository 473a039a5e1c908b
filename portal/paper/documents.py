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

LINE, BOX, TICK, GAP = 24.0, 56.0, 13.0, 16.0
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
            title=f"Form {self.code}: {title}", scheme=place.scheme, dated=self.printed_on, scale=scale
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
    sheet.heading(part.title)
    for sentence in part.intro:
        sheet.paragraph(sentence, size=SMALL + 0.5)
    if part.prompts:
        sheet.paragraph(f"You could write about: {in_a_row(part.prompts)}", size=SMALL)
    for row in _rows(part.questions, 1 if sheet.scale > 1 else 2):
        _row(sheet, row)


def _rows(questions: Sequence[Question], most: int) -> Iterator[tuple[Question, ...]]:
    """Short questions side by side where two follow each other; every other one has the whole width."""
    waiting = list(questions)
    while waiting:
        first = waiting.pop(0)
        is_pair = most > 1 and first.is_short and waiting and waiting[0].is_short
        yield (first, waiting.pop(0)) if is_pair else (first,)


def _row(sheet: Sheet, row: tuple[Question, ...]) -> None:
    if row[0].answer is Answer.TICK:
        _ticks(sheet, (row[0].words,))
        return
    scale = sheet.scale
    width = (WIDTH - GAP * (len(row) - 1)) / len(row)
    words = [fonts.wrap(each.words, Weight.STRONG, SIZE * scale, width) for each in row]
    hints = [fonts.wrap(_hint(each), Weight.TEXT, SMALL * scale, width) if _hint(each) else [] for each in row]
    answers = {Answer.LINE: LINE * scale, Answer.BOX: BOX}
    heads = max(
        len(w) * SIZE * 1.35 * scale + len(h) * SMALL * 1.4 * scale for w, h in zip(words, hints, strict=True)
    )  # fmt: skip
    # All of a row stands on one page: nobody looks overleaf for the rest of a choice.
    sheet.need(heads + max(answers.get(each.answer) or _height(sheet, each.choices, width) for each in row) + 8 * scale)
    top, low = sheet.y, sheet.y
    for n, each in enumerate(row):
        left, sheet.y = LEFT + n * (width + GAP), top
        with sheet.canvas.marked("P"):
            _say(sheet, words[n], left, SIZE, INK, Weight.STRONG)
        if hints[n]:
            with sheet.canvas.marked("P"):
                _say(sheet, hints[n], left, SMALL, QUIET, Weight.TEXT)
        sheet.y = min(sheet.y, top - heads) - 2 * scale
        if each.answer in answers:
            _box(sheet, answers[each.answer], width=width, left=left)
        else:
            _ticks(sheet, each.choices, width=width, left=left)
        low = min(low, sheet.y)
    sheet.y = low - 2 * scale


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
    sheet.y -= height + 5


def _laid(sheet: Sheet, choices: Sequence[str], width: float) -> tuple[float, list[list[list[str]]]]:
    """How wide a column of choices is, and the rows of choices, each wrapped to its column."""
    size, side, gap = SIZE * sheet.scale, TICK * sheet.scale, 7 * sheet.scale
    widest = max(fonts.set_line(words, Weight.TEXT).width(size) for words in choices)
    columns = max(1, min(4, int(width // (widest + side + 1.5 * gap))))
    step = width / columns
    lines = [fonts.wrap(words, Weight.TEXT, size, step - side - 1.2 * gap) for words in choices]
    return step, [lines[first : first + columns] for first in range(0, len(lines), columns)]


def _row_height(sheet: Sheet, row: list[list[str]]) -> float:
    return max(TICK, max(map(len, row)) * SIZE * 1.35) * sheet.scale + 4.5 * sheet.scale


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
