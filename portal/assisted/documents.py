"""An application on paper, for its person to read and sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.documents.flow import Sheet
from portal.documents.tagging import one_at_a_time

SIGN = (
    "Read this through, or let somebody read it to you. If something is wrong, do not sign: say what it is, and it is "
    "put right. If it is as you want it, write your name and the day. Then we send it."
)


@dataclass(frozen=True)
class AnswersToSign:
    """What was typed for somebody. `sections` are titles with their questions and answers; no stamp, no code."""

    scheme: str
    reference: str
    name: str
    typed_by: str
    printed_on: date
    sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]

    @one_at_a_time
    def render(self) -> bytes:
        """A tagged PDF."""
        sheet = Sheet(title=f"Application {self.reference}", scheme=self.scheme, dated=self.printed_on)
        sheet.heading(f"Application of {self.name}", 1)
        sheet.facts((("Reference", self.reference), ("Typed by", self.typed_by)))
        sheet.paragraph(SIGN)
        for title, rows in self.sections:
            sheet.heading(title)
            sheet.facts([(asked, answer or "Not given") for asked, answer in rows])
        sheet.need(120)
        sheet.heading("Is this yours?")
        sheet.paragraph(
            "Somebody typed this for me. I have read it, or it was read to me. It is mine, and you may have it."
        )
        for line in ("My name", "Signed", "Day"):
            sheet.space(18)
            sheet.paragraph(f"{line}: ______________________________________________")
        return sheet.finish()
