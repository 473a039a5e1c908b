"""How old one has to be to read the public pages: at most ten, by Flesch and Kincaid's grade and five years.

What counts is what can be read in the main part of a page: the menu and the footer are left out. Each heading, line
of a list, label and button is a sentence of its own, as it is read on its own. Names of schemes and areas, addresses
and numbers to ring are taken for one plain word: they are nobody's choice of words.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import pytest
import textstat

from portal.demo.opening.services import open_scheme, set_the_stage
from portal.schemes.models import Doors, Scheme
from portal.web.limits import limiter
from tests import markup
from tests.browser import Browser
from tests.factories import AreaFactory, SchemeFactory
from tests.public.pages import paths

OLDEST = 10
YEARS_BEFORE_SCHOOL = 5
BLOCKS = {
    "h1", "h2", "h3", "p", "li", "dt", "dd", "label", "legend", "button", "summary", "caption", "th", "td", "div",
}  # fmt: skip
UNSEEN = {"script", "style", "svg"}
PROPER = re.compile(
    r"https?://\S+|\S+@\S+|\+?\d[\d\s()-]{5,}\d|Equality Advisory and Support Service|Information Commissioner’s Office"
    r"|Web Content Accessibility Guidelines, version 2.2, level AA|Data Protection Act 2018, Schedule 1"
)


def reading_age(text: str) -> float:
    """The age of a reader, in years."""
    return float(textstat.textstat.flesch_kincaid_grade(text)) + YEARS_BEFORE_SCHOOL


def sentences(root: Element, names: list[str]) -> str:
    """What can be read in the main part of a page, each block ended with a full stop."""
    main = next(element for element in markup.elements(root) if element.tag == "main")
    found: list[str] = []
    _gather(main, found)
    text = " ".join(part if part[-1] in ".?!" else f"{part}." for part in (" ".join(p.split()) for p in found) if part)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "Sam")
    return PROPER.sub("Sam", text)


def _gather(element: Element, found: list[str]) -> None:
    """The words of a block go together; a block inside begins anew."""
    if not isinstance(element.tag, str) or element.tag in UNSEEN or element.get("aria-hidden") == "true":
        return
    if "only-print" in (element.get("class") or "") or element.get("type") == "hidden":
        return
    if element.tag in BLOCKS or not found:
        found.append("")
    found[-1] += element.text or ""
    for child in element:
        _gather(child, found)
        if child.tag in BLOCKS and (child.tail or "").strip():
            found.append("")
        found[-1] += child.tail or ""
    if element.tag in BLOCKS:
        found.append("")


def own_words() -> Scheme:
    """A scheme that wrote nothing of its own, so that ours are read."""
    scheme = SchemeFactory(name="Bridgeway", slug="bridgeway")
    for number, doors in enumerate(Doors):
        AreaFactory(scheme=scheme, name=f"Place{number}", slug=f"place-{number}", doors=doors)
    return scheme


def words_of_the_demonstration() -> Scheme:
    """The scheme of the demonstration with its words, and doors of each kind."""
    stage = set_the_stage(datetime(2026, 11, 22, 12, tzinfo=UTC))
    open_scheme(stage)
    for area, doors in zip(stage.areas.values(), Doors, strict=False):
        area.doors = doors
    return stage.scheme


@pytest.mark.parametrize("made", [own_words, words_of_the_demonstration], ids=["ours", "demo"])
def test_every_public_page_can_be_read_at_ten(app, session, made):
    scheme = made()
    session.commit()
    names = [scheme.name, *(area.name for area in scheme.areas)]
    asked = paths(scheme)
    limiter.reset()
    browser, ages = Browser(app), {}
    for page, path in asked.items():
        ages[page] = reading_age(sentences(browser.get(path).root, names))
    for answers in ({"is_adult": "no"}, {"is_adult": "yes"} | dict.fromkeys(("time", "settled", "checks"), "no")):
        path = asked["could I do this here"]
        browser.get(path).fill(**answers).submit("See what we think", status=200)
        ages[f"what we think, {answers}"] = reading_age(sentences(browser.root, names))
    browser.get(asked["hello"]).fill(name="Sam", contact="sam@example.org").submit("Send")
    ages["thanks"] = reading_age(sentences(browser.root, names))
    assert {page: round(age, 1) for page, age in ages.items() if age > OLDEST} == {}
    assert len(ages) == 21


def test_the_measure_tells_hard_words_from_plain_ones():
    plain = "We ring you. You can ask us anything."
    hard = "Applications necessitate comprehensive documentation demonstrating organisational suitability."
    assert reading_age(plain) < OLDEST < reading_age(hard)


def test_only_what_can_be_read_counts():
    html = """<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><nav><a href="/">Menu</a></nav>
    <main><h1>Head</h1><p>One <a href="/x">two</a> three</p><ul><li>Four?</li></ul>
    <div aria-hidden="true">unseen</div><div class="only-print">paper</div></main></body></html>"""
    assert sentences(markup.parsed(html), ["three"]) == "Head. One two Sam. Four?"
