"""The blank application form, to be filled in with a pen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.documents import fonts
from portal.documents.flow import LEFT, WIDTH, Sheet
from portal.documents.fonts import Weight
from portal.documents.letterhead import INK, QUIET, SLATE
from portal.documents.tagging import one_at_a_time
from portal.paper.rules import CHECKS, HOW_TO_FILL, SIGN, Answer, Part, Place, Question, how_to_send_back

LINE, BOX, TICK = 27.0, 118.0, 13.0  # points: room for large handwriting, and a box that a shaking hand can tick
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
            title=f"{title} · Form {self.code}", scheme=place.scheme, dated=self.printed_on, scale=scale
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
        sheet.paragraph(f"You could write about: {'; '.join(_small(prompt) for prompt in part.prompts)}.", size=SMALL)
    for question in part.questions:
        _question(sheet, question)


def _small(prompt: str) -> str:
    return prompt.rstrip(".")


def _question(sheet: Sheet, question: Question) -> None:
    if question.answer is Answer.TICK:
        _ticks(sheet, (question.words,))
        return
    height = {Answer.LINE: LINE, Answer.BOX: BOX}.get(question.answer, 40.0)
    sheet.need((SIZE * 2.2 + SMALL * 1.6 + height) * sheet.scale)
    sheet.space(3)
    sheet.paragraph(question.words, weight=Weight.STRONG)
    sheet.space(-3)
    if question.hint:
        sheet.paragraph(question.hint, size=SMALL, colour=QUIET)
        sheet.space(-2)
    if question.answer in {Answer.LINE, Answer.BOX}:
        _box(sheet, height * (1 if question.answer is Answer.BOX else sheet.scale))
    else:
        how = "Tick one" if question.answer is Answer.ONE else "Tick all that fit"
        sheet.paragraph(how, size=SMALL, colour=QUIET)
        _ticks(sheet, question.choices)


def _box(sheet: Sheet, height: float, *, width: float = WIDTH, left: float = LEFT) -> None:
    """A box to write in: seen, never read aloud, as the question above it says what belongs there."""
    with sheet.canvas.furniture():
        sheet.canvas.saveState()
        sheet.canvas.setStrokeColor(SLATE)
        sheet.canvas.setLineWidth(1)
        sheet.canvas.rect(left, sheet.y - height, width, height, stroke=1, fill=0)
        sheet.canvas.restoreState()
    sheet.y -= height + 6


def _ticks(sheet: Sheet, choices: Sequence[str]) -> None:
    """Squares with words beside them: several in a row where they are short."""
    size, side, gap = SIZE * sheet.scale, TICK * sheet.scale, 7 * sheet.scale
    widest = max(fonts.set_line(words, Weight.TEXT).width(size) for words in choices)
    columns = max(1, min(4, int(WIDTH // (widest + side + 3 * gap))))
    step = WIDTH / columns
    with sheet.canvas.element("L", attributes="/O/List/ListNumbering/None"):
        for first in range(0, len(choices), columns):
            row = [fonts.wrap(words, Weight.TEXT, size, step - side - 2 * gap) for words in choices[first :][:columns]]
            height = max(side, max(map(len, row)) * size * 1.35) + gap * 0.6
            sheet.need(height)
            for n, lines in enumerate(row):
                x = LEFT + n * step
                with sheet.canvas.furniture():
                    sheet.canvas.saveState()
                    sheet.canvas.setStrokeColor(SLATE)
                    sheet.canvas.setLineWidth(1.1)
                    sheet.canvas.rect(x, sheet.y - side, side, side, stroke=1, fill=0)
                    sheet.canvas.restoreState()
                with sheet.canvas.element("LI"), sheet.canvas.marked("LBody"):
                    for m, line in enumerate(lines):
                        at = sheet.y - side * 0.78 - m * size * 1.35
                        more = m + 1 < len(lines)
                        sheet.canvas.say(line, x + side + gap, at, size=size, colour=INK, more=more)
            sheet.y -= height
    sheet.space(4)


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
