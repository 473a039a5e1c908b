"""Words written in Markdown, shown on a page: no HTML of the writer's, headings below those of the page."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "blockquote_open": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
    "table_open": "govuk-table",
    "thead_open": "govuk-table__head",
    "tbody_open": "govuk-table__body",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
    "link_open": "govuk-link",
}
HEADING_CLASSES = {2: "govuk-heading-m", 3: "govuk-heading-s"}
LOWEST = 6

_parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])


def markdown(text: str | None, below: int = 2) -> Markup:
    """The text as HTML. Its highest headings stand one level under `below`, and no level is left out."""
    tokens = _parser.parse(text or "")
    _settle_headings(tokens, below)
    for token in tokens:
        _dress(token)
        for child in token.children or ():
            _dress(child)
    return Markup(_parser.renderer.render(_framed(tokens), _parser.options, {}))  # noqa: S704 - HTML is off: it is escaped


def _settle_headings(tokens: Sequence[Token], below: int) -> None:
    """Levels as they are nested, not as they are written: #### under nothing is the first below the page's own."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            written = int(token.tag[1])
            while above and above[-1] >= written:
                above.pop()
            above.append(written)
        if token.type in {"heading_open", "heading_close"}:
            level = min(below + len(above), LOWEST)
            token.tag = f"h{level}"
            if token.type == "heading_open":
                token.attrSet("class", HEADING_CLASSES.get(level, "govuk-heading-s"))
                token.attrSet("dir", "auto")


def _dress(token: Token) -> None:
    if token.type in {"th_open", "td_open"} and "style" in token.attrs:
        is_number = "right" in str(token.attrs.pop("style"))  # the policy of our pages forbids styles in line
        token.attrJoin("class", f"{CLASSES[token.type]}--numeric" if is_number else "")
    if token.type == "th_open":
        token.attrSet("scope", "col")
    if words := CLASSES.get(token.type):
        token.attrJoin("class", words)
    if token.type in {"paragraph_open", "bullet_list_open", "ordered_list_open", "table_open"}:
        token.attrSet("dir", "auto")


def _framed(tokens: Sequence[Token]) -> list[Token]:
    """A wide table scrolls in a frame of its own."""
    framed: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            framed.append(_html('<div class="table-scroll" tabindex="0" role="group" aria-label="Table">'))
        framed.append(token)
        if token.type == "table_close":
            framed.append(_html("</div>"))
    return framed


def _html(content: str) -> Token:
    return Token("html_block", "", 0, content=content)
