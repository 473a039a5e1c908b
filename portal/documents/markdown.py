"""Markdown of a course on printed pages: headings, paragraphs, lists, tables, bold and slanted words."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from portal.documents.flow import Rich, Sheet
from portal.documents.fonts import Weight

_INDENT = 16.0
_reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def draw(sheet: Sheet, text: str, *, level: int = 3) -> None:
    """Draw the text down the sheet; its headings are of this level, whatever they are in the text."""
    _blocks(sheet, _reader.parse(text), level, left=0.0, is_point=False)


def plain(text: str) -> str:
    """One line of Markdown without its signs, as it is read out."""
    return _said(_reader.parseInline(text)[0].children or [])


def _blocks(sheet: Sheet, tokens: Sequence[Token], level: int, *, left: float, is_point: bool) -> None:
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _end(tokens, at)
        inside = tokens[at + 1 : end]
        if token.type == "heading_open":
            sheet.heading(_said(inside[0].children or []), level)
        elif token.type == "paragraph_open":
            _paragraph(sheet, inside[0].children or [], left=left, is_point=is_point)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            _list(sheet, token, inside, level, left=left)
        elif token.type == "table_open":
            _table(sheet, inside)
        elif token.type == "blockquote_open":
            _blocks(sheet, inside, level, left=left + _INDENT, is_point=is_point)
        elif token.type in ("fence", "code_block"):
            for line in token.content.splitlines():
                if line.strip():
                    sheet.paragraph(line)
        elif token.type == "hr":
            sheet.space(10)
        at = end + 1


def _end(tokens: Sequence[Token], at: int) -> int:
    """Where what opens here is closed; here, when it does not open anything."""
    depth = 0
    for n in range(at, len(tokens)):
        depth += tokens[n].nesting
        if depth == 0:
            return n
    return len(tokens) - 1


def _paragraph(sheet: Sheet, inline: Sequence[Token], *, left: float, is_point: bool) -> None:
    lines = _words(inline)
    if is_point:
        for words in lines:
            sheet.rich(words, left=left)
        sheet.space(2)
        return
    with sheet.canvas.element("P"):
        for words in lines:
            sheet.rich(words, left=left)
    sheet.space(5)


def _list(sheet: Sheet, opened: Token, tokens: Sequence[Token], level: int, *, left: float) -> None:
    is_counted = opened.type == "ordered_list_open"
    number = int(opened.attrs.get("start", 1)) if is_counted else 0
    kind = "Decimal" if is_counted else "Disc"
    at = 0
    with sheet.canvas.element("L", attributes=f"/O/List/ListNumbering/{kind}"):
        while at < len(tokens):
            end = _end(tokens, at)
            with sheet.canvas.element("LI"):
                sheet.bullet(f"{number}." if is_counted else "•", left=left)
                with sheet.canvas.element("LBody"):
                    _blocks(sheet, tokens[at + 1 : end], level, left=left + _INDENT, is_point=True)
            number, at = number + 1, end + 1
    if not left:
        sheet.space(4)


def _table(sheet: Sheet, tokens: Sequence[Token]) -> None:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_said(token.children or []))
    columns = max(map(len, rows))
    # as wide as what stands in them, within reason: a column of ticks needs little, a column of sentences much
    weights = [min(max(len(row[n]) if n < len(row) else 0 for row in rows), 60) + 8 for n in range(columns)]
    shares = [weight / sum(weights) for weight in weights]
    filled = [[*row, *([""] * (columns - len(row)))] for row in rows]
    sheet.table(filled[0], filled[1:], shares)


def _words(inline: Sequence[Token]) -> list[list[Rich]]:
    """The words of a paragraph, in lines only where the writer broke them on purpose."""
    lines: list[list[Rich]] = [[]]
    word: list[tuple[str, Weight]] = []
    strong = slanted = 0
    address = ""

    def ended() -> None:
        if word:
            lines[-1].append(tuple(word))
            word.clear()

    def take(text: str) -> None:
        weight = Weight.STRONG if strong else Weight.SLANT if slanted else Weight.TEXT
        for part in re.split(r"(\s+)", text):
            if part.isspace():
                ended()
            elif part:
                word.append((part, weight))

    for token in inline:
        strong += token.nesting if token.tag == "strong" else 0
        slanted += token.nesting if token.tag == "em" else 0
        if token.type in ("softbreak", "hardbreak"):
            ended()
            if token.type == "hardbreak":
                lines.append([])
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            if address and not _says(inline, address):
                take(f" ({address.removeprefix('mailto:').removeprefix('tel:')})")
            address = ""
        else:
            take(token.content)
    ended()
    return [line for line in lines if line]


def _says(inline: Sequence[Token], address: str) -> bool:
    """Whether the address can be read in the words already."""
    bare = address.removeprefix("mailto:").removeprefix("tel:").removeprefix("https://").removeprefix("http://")
    return bare.rstrip("/") in "".join(token.content for token in inline if token.type == "text")


def _said(inline: Sequence[Token]) -> str:
    return " ".join("".join(text for text, _ in word) for line in _words(inline) for word in line)
