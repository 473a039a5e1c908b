"""What somebody put their name under, on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.documents.flow import Sheet
from portal.documents.tagging import one_at_a_time


@dataclass(frozen=True)
class AcknowledgedAgreement:
    """One version as it was acknowledged. `paragraphs` are its words; `version` and `kind` are for the facts."""

    scheme: str
    title: str
    kind: str
    version: int
    paragraphs: tuple[str, ...]
    typed_name: str
    acknowledged_on: date
    how: str

    @one_at_a_time
    def render(self) -> bytes:
        """A tagged PDF."""
        sheet = Sheet(title=self.title, scheme=self.scheme, dated=self.acknowledged_on)
        sheet.heading(self.title, 1)
        for paragraph in self.paragraphs:
            sheet.paragraph(paragraph)
        sheet.heading("Acknowledged")
        day = f"{self.acknowledged_on.day} {self.acknowledged_on:%B %Y}"
        sheet.facts([
            ("Name, as written", self.typed_name), ("On", day), ("What", f"{self.kind}, version {self.version}"),
            ("How", self.how),
        ])  # fmt: skip
        sheet.paragraph("This says what we hope for from each other. It is not a contract.")
        return sheet.finish()
