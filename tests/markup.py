"""What is true of every page: strict HTML, one heading equal to the title, labelled inputs, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
BLOCKS = {"p", "div", "li", "h1", "h2", "h3", "h4", "tr", "td", "th", "dt", "dd", "label", "br", "legend", "option"}


def parsed(html: str) -> Element:
    """The page as a tree; fails at the first mistake in its HTML."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        root: Element = parser.parse(html)
    except html5lib.html5parser.ParseError as error:
        (line, _), code, _ = parser.errors[-1]
        lines = html.splitlines()
        raise AssertionError(f"not valid HTML: {code} in line {line}: {lines[line - 1].strip()[:200]}") from error
    return root


def text_of(element: Element) -> str:
    """What a person reads in an element, with single spaces."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Element) -> Iterator[str]:
    is_block = element.tag in BLOCKS
    if element.tag in {"script", "style", "template"}:
        return
    yield " " if is_block else ""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):  # a comment's tag is a function
            yield from _pieces(child)
        yield child.tail or ""
    yield " " if is_block else ""


def inputs(root: Element) -> list[Element]:
    """Every element that carries a value, in the order of the page."""
    return [element for element in elements(root) if element.tag in {"input", "select", "textarea"}]


def elements(root: Element) -> Iterator[Element]:
    """All elements, without comments."""
    return (element for element in root.iter() if isinstance(element.tag, str))


def labels(root: Element) -> dict[str, str]:
    """The words of the label of each id."""
    return {label.get("for", ""): text_of(label) for label in root.iter("label")}


def mistakes(root: Element) -> list[str]:
    """What is wrong with a page; an empty list is what every page must give."""
    return [
        *_heading_mistakes(root),
        *_label_mistakes(root),
        *_id_mistakes(root),
        *_policy_mistakes(root),
        *_stack_mistakes(root),
    ]


def jumps_back(root: Element) -> Iterator[str]:
    """Where the list of errors does not go down the page: whoever takes them one by one must never jump back."""
    places = {element.get("id"): number for number, element in enumerate(elements(root))}
    for summary in root.iter("ul"):
        if "govuk-error-summary__list" in (summary.get("class") or "").split():
            links = [link.get("href", "").removeprefix("#") for link in summary.iter("a")]
            found = [places[each] for each in links if each in places]
            if found != sorted(found):
                yield f"the errors are not in the order of the page: {links}"


def _heading_mistakes(root: Element) -> Iterator[str]:
    title = text_of(next(root.iter("title"), Element("title")))
    headings = [text_of(heading) for heading in root.iter("h1")]
    if len(headings) != 1:
        yield f"there are {len(headings)} main headings: {headings}"
    elif title.removeprefix("Error: ").rpartition(" – ")[0] != headings[0]:
        yield f"the title {title!r} does not begin with the heading {headings[0]!r}"
    if not root.get("lang"):
        yield "the page does not say its language"


def _label_mistakes(root: Element) -> Iterator[str]:
    labelled = labels(root)
    wrapped = {id(field) for label in root.iter("label") for field in inputs(label)}
    for field in inputs(root):
        if field.tag == "input" and field.get("type") in UNLABELLED:
            continue
        named = labelled.get(field.get("id", "-")) or field.get("aria-label") or field.get("aria-labelledby")
        if not named and id(field) not in wrapped:
            yield f"the input {field.get('name')!r} has no label"
    for button in root.iter("button"):
        if not (text_of(button) or button.get("aria-label")):
            yield "a button says nothing"
    for link in root.iter("a"):
        if link.get("href") is not None and not (text_of(link) or link.get("aria-label")):
            yield f"the link to {link.get('href')} says nothing"


def _id_mistakes(root: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in elements(root) if element.get("id") is not None)
    yield from (f"the id {name!r} is used {times} times" for name, times in ids.items() if times > 1)
    for element in elements(root):
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute} names {name!r}, which is not on the page"
        target = element.get("href") or ""
        if element.tag == "a" and target.startswith("#") and target[1:] not in ids:
            yield f"a link leads to {target}, which is not on the page"


def _policy_mistakes(root: Element) -> Iterator[str]:
    for element in elements(root):
        for attribute in element.attrib:
            if str(attribute).startswith("on") or attribute == "style":
                yield f"{element.tag} has {attribute}=, which the content security policy forbids"
        if element.tag == "style" or (element.tag == "script" and not element.get("src") and not element.get("nonce")):
            yield f"an inline {element.tag}, which the content security policy forbids"


def _stack_mistakes(root: Element) -> Iterator[str]:
    """On a phone the cells of a list that stacks say their columns themselves: in the words of the columns."""
    for table in root.iter("table"):
        if "stacks" not in (table.get("class") or "").split():
            continue
        columns = [text_of(head) for head in table.findall("./thead/tr/th")]
        for row in table.findall("./tbody/tr"):
            cells = row.findall("./td")
            if len(cells) != len(columns) - 1:
                yield f"a row of the list by {columns[0]!r} has {len(cells) + 1} cells for {len(columns)} columns"
            for cell, column in zip(cells, columns[1:], strict=False):
                said = cell.get("data-head")
                if said != column and (said is not None or text_of(cell)):
                    yield f"a cell below {column!r} says {said!r} on a phone: {text_of(cell)[:60]!r}"
