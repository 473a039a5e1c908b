"""What makes a page ours: the colours, the mark and the frame around the words."""

from reportlab.lib.colors import Color, HexColor

from portal.documents.tagging import TaggedCanvas

INK = HexColor("#16202a")  # words: 16:1 on white
SLATE = HexColor("#2f4858")  # frames, headings: 9.6:1
GREEN = HexColor("#0f7a52")  # the one accent: 5.4:1
QUIET = HexColor("#4d5b66")  # small print: 7:1
RULE = HexColor("#c5d0d6")
TINT = HexColor("#eef4f2")
WHITE = HexColor("#ffffff")
RED = HexColor("#a3271f")

MARK_ALT = "Alongside: an arc over a dot"


def mark(canvas: TaggedCanvas, *, centre: float, y: float, width: float, alt: str | None = MARK_ALT) -> None:
    """The mark: one who walks beside, sheltering. `y` is the arc's foot; without `alt` it is furniture."""
    box = (centre - width / 2, y, centre + width / 2, y + width * 0.3)
    with canvas.figure(alt, box) if alt else canvas.furniture():
        canvas.saveState()
        canvas.setLineWidth(width * 0.055)
        canvas.setLineCap(1)
        canvas.setStrokeColor(SLATE)
        arc = canvas.beginPath()
        arc.moveTo(centre - width / 2, y)
        arc.curveTo(
            centre - width * 0.2,
            y + width * 0.36,
            centre + width * 0.2,
            y + width * 0.36,
            centre + width / 2,
            y,
        )
        canvas.drawPath(arc, stroke=1, fill=0)
        canvas.setFillColor(GREEN)
        canvas.circle(centre, y + width * 0.07, width * 0.055, stroke=0, fill=1)
        canvas.restoreState()


def frame(canvas: TaggedCanvas, *, inset: float, weight: float, colour: Color) -> None:
    """A border around the page, with a hairline inside it."""
    width, height = canvas.size
    with canvas.furniture():
        canvas.saveState()
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(weight)
        canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset)
        within = inset + weight + 3
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.6)
        canvas.rect(within, within, width - 2 * within, height - 2 * within)
        canvas.restoreState()


def rule(canvas: TaggedCanvas, x: float, y: float, width: float, *, colour: Color = RULE, weight: float = 0.6) -> None:
    """A horizontal line."""
    with canvas.furniture():
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(weight)
        canvas.line(x, y, x + width, y)
