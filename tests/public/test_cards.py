"""The card that phones show, and what search engines read."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from portal.public.documents import ShareCard
from tests import markup
from tests.factories import AreaFactory, SchemeFactory

LONG = "The Very Long Named Partnership for Peer Mentoring and Mutual Support across Teesdale and Weardale"


@pytest.fixture
def area(session):
    scheme = SchemeFactory(slug="bridgeway", name="Bridgeway Peer Mentors", strapline="People who have been there")
    return AreaFactory(name="Darlington", slug="darlington", scheme=scheme)


@pytest.mark.parametrize("path", ["/schemes/bridgeway/card.png", "/schemes/bridgeway/darlington/card.png"])
def test_the_card_is_a_png_of_the_size_that_phones_ask_for(browser, area, path):
    browser.get(path)
    assert browser.response.mimetype == "image/png"
    assert Image.open(io.BytesIO(browser.body)).size == (1200, 630)
    assert "max-age=86400" in browser.response.headers["Cache-Control"]
    assert browser.response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = browser._send(path, method="GET", headers={"If-None-Match": browser.response.headers["ETag"]})
    assert again.status_code == 304


def _ink(card: ShareCard) -> tuple[int, int, int, int]:
    """The box that the letters take, without the stripe at the foot."""
    image = Image.open(io.BytesIO(card.render())).convert("RGB").crop((0, 0, 1200, 600))
    ground = Image.new("RGB", image.size, image.getpixel((0, 0)))
    from PIL import ImageChops

    box = ImageChops.difference(image, ground).point(lambda value: 255 if value > 24 else 0).getbbox()
    assert box
    return box


@pytest.mark.parametrize(
    "card",
    [
        ShareCard("A"),
        ShareCard(LONG, LONG, LONG),
        ShareCard("W" * 120, "M" * 120, "W" * 200),
        ShareCard("Łódź Żyw Cymru Ŵŷ", "Ynys Môn", "Ğ ễ Ω Ж"),
        ShareCard("رفيق الطريق", "دارلنگٹن", "مدد کرنے والے"),
    ],
    ids=["short", "long", "wide", "Latin", "Arabic"],
)
def test_any_name_fits_the_card(card):
    left, top, right, foot = _ink(card)
    assert left >= 40
    assert right <= 1200 - 40
    assert top >= 40
    assert foot < 600, "it runs into the stripe"


def test_the_same_facts_make_the_same_bytes_and_other_facts_others():
    from portal.public.documents import _drawn

    first = ShareCard("Bridgeway", "Darlington", "x").render()
    _drawn.cache_clear()
    assert ShareCard("Bridgeway", "Darlington", "x").render() == first
    assert ShareCard("Bridgeway", "Durham", "x").render() != first
    assert len(first) < 40_000


def test_a_page_says_how_it_wants_to_be_passed_on(browser, area):
    browser.get("/schemes/bridgeway/darlington")
    found = {each.get("property") or each.get("name"): each.get("content") for each in browser.root.iter("meta")}
    assert found["og:title"] == "Be a peer mentor in Darlington"
    assert found["og:image"] == "http://localhost:8000/schemes/bridgeway/darlington/card.png"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert found["twitter:card"] == "summary_large_image"
    assert 50 < len(found["description"]) < 200
    assert "robots" not in found
    links = {each.get("rel"): each.get("href") for each in browser.root.iter("link")}
    assert links["canonical"] == found["og:url"] == "http://localhost:8000/schemes/bridgeway/darlington"


def test_the_questions_for_oneself_are_not_for_search_engines(browser, area):
    browser.get("/could-i-do-this")
    assert {each.get("name"): each.get("content") for each in browser.root.iter("meta")}["robots"] == "noindex"


def test_the_printed_page_carries_a_code_that_leads_back(browser, area):
    browser.get("/schemes/bridgeway/darlington")
    codes = [e for e in markup.elements(browser.root) if "public-code" in (e.get("class") or "").split()]
    assert [code.get("role") for code in codes] == ["img"]
    assert "<svg" in browser.html
