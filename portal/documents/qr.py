"""A QR code drawn as shapes, so that it is sharp at any size and prints small."""

from itertools import groupby

import segno
from reportlab.lib.colors import Color

from portal.documents.tagging import TaggedCanvas

_QUIET = 4  # modules of white on each side, which scanners need (ISO/IEC 18004)


def draw(canvas: TaggedCanvas, content: str, *, x: float, y: float, side: float, colour: Color, alt: str) -> None:
    """Draw the code with its lower left corner at x, y; `side` in points includes the quiet zone."""
    # Any mask scans; naming one spares trying all eight, which costs more than the rest of the page.
    code = segno.make(content, error="m", micro=False, mask=3, boost_error=False)
    rows = [bytes(row) for row in code.matrix]
    module = side / (len(rows) + 2 * _QUIET)
    left, top = x + _QUIET * module, y + side - _QUIET * module
    # Whole modules as whole numbers: the page is scaled instead, and a dark run of a row is one rectangle.
    shapes = [f"q {module:.4f} 0 0 -{module:.4f} {left:.2f} {top:.2f} cm"]
    for down, row in enumerate(rows):
        across = 0
        for dark, modules in groupby(row):
            wide = len(list(modules))
            if dark:
                shapes.append(f"{across} {down} {wide} 1 re")
            across += wide
    with canvas.figure(alt, (x, y, x + side, y + side)):
        canvas.setFillColor(colour)
        canvas.write(*shapes, "f Q")
