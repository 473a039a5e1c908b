"""Pages: their status, their shape, where they may lead, and how lists are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import paging
from portal.web.pages import is_safe_next, next_url
from tests.markup import elements
from tests.web.small_app import small_app, with_page

PLAIN = """{% extends "web/base.html" %}{% set title = "Siân & Co" %}{% set back_url = "/back" %}
{% block content %}<p>Words</p>{% endblock %}"""

EVERY_PIECE = """{% extends "web/base.html" %}{% set title = "Every piece" %}
{% from "web/macros.html" import summary_list, tag, table, timeline, figure, task_list, post_button, link_button,
   next_page %}
{% block content %}
{{ summary_list([("Name", "Siân", "/name", "her name"), ("Hours", 0), ("Note", "")]) }}{{ tag("Ready", "green") }}
{{ table("People", ["Name", ("Hours", "numeric")], [["Siân", 12], ["<b>", 3]]) }}
{{ table("Wide", ["Name", "Change"], [["W" * 60, 'Open<span class="govuk-visually-hidden"> this</span>' | safe]]) }}
{{ timeline([("24 Nov 2026", "Applied", ""), ("25 Nov 2026", "Interviewed", "by Jo")]) }}
{{ figure("hours", "Hours by week", [("Week 1", 20, "20 of 20"), ("Week 2", 0, "0 of 20")], 20) }}
{{ figure("none", "Nothing yet", []) }}
{{ task_list([("About you", "/a", "Completed", "", ""), ("Area", none, "Cannot start yet", "grey", "Later")]) }}
{{ post_button("Approve", "/approve", fields={"version": 3}) }}{{ link_button("Start", "/start", "secondary") }}
{{ next_page(people, "/?after=" ~ people.next_key) }}
{% endblock %}"""


def test_a_page_has_its_heading_as_title_and_says_whose_it_is() -> None:
    browser = with_page(PLAIN)
    assert browser.heading == "Siân & Co"
    assert browser.title == "Siân & Co – Bridgeway Peer Mentors"


def test_a_page_offers_menu_way_back_and_footer_without_javascript() -> None:
    browser = with_page(PLAIN)
    links = browser.links()
    assert links["Skip to main content"] == "#main-content"
    assert links["Back"] == "/back"
    assert links["Privacy"] == "/privacy"
    assert {"My tasks", "Cohorts", "Accessibility"} <= set(links)
    navs = [e for e in elements(browser._page()) if e.tag == "nav"]
    assert [nav.get("aria-label") for nav in navs] == ["Menu", "Back"]
    assert any(e.get("aria-current") == "true" for e in elements(navs[0]))
    assert [e.get("method") for e in elements(navs[0]) if e.tag == "form"] == ["post"]


def test_the_pieces_of_a_page_are_valid_and_escape_what_people_typed() -> None:
    people = paging.Page([1], "abc")
    browser = with_page(EVERY_PIECE, people=people)
    assert browser.sees("Change her name", "Hours 0", "Note Not given", "20 of 20", "Siân 12", "<b>")
    assert browser.links()["Show more people"] == "/?after=abc"


@pytest.mark.parametrize("target", ["/", "/people?q=a&b=c#d", "/a//b", "/zoë"])
def test_a_path_of_ours_may_be_next(target: str) -> None:
    assert is_safe_next(target)


@pytest.mark.parametrize(
    "target",
    [
        "",
        None,
        "people",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n//evil.example",
        "/a\\b",
        "\\\\evil.example",
        "/\x7f",
        "//[bad",
        " /people",
    ],
)
def test_nobody_is_led_to_another_site(target: str | None) -> None:
    assert not is_safe_next(target)


@given(st.text(alphabet="/\\:.@%?#[]\t\n ahtp", max_size=12))
def test_whatever_is_next_stays_on_the_site(target: str) -> None:
    if is_safe_next(target):
        assert target[0] == "/"
        assert target[1:2] not in {"/", "\\"}


def test_next_falls_back_when_it_is_somebody_elses() -> None:
    with small_app().test_request_context("/?next=//evil.example"):
        assert next_url("/home") == "/home"
    with small_app().test_request_context("/?next=/people"):
        assert next_url("/home") == "/people"


def test_a_list_is_cut_by_key_and_its_last_page_has_no_next() -> None:
    rows = [("Amara", 1), ("Łukasz", 2), ("محمد", 3)]
    first = paging.page_of(rows, 2, key=lambda row: row)
    assert list(first) == rows[:2]
    assert paging.read(first.next_key, like=("", 0)) == ("Łukasz", 2)
    assert paging.page_of(rows, 3, key=lambda row: row).next_key is None
    assert len(paging.page_of([], 3, key=lambda row: row)) == 0


@given(st.tuples(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), st.integers(0, 2**31)))
def test_a_key_comes_back_from_a_link_as_it_was(key: tuple[str, int]) -> None:
    text = paging.written(key)
    assert paging.read(text, like=("", 0)) == key or len(text) > 1000


@given(st.text(max_size=60))
def test_a_key_somebody_made_up_opens_page_one(text: str) -> None:
    found = paging.read(text, like=("", 0))
    assert found is None or [type(value) for value in found] == [str, int]


@pytest.mark.parametrize("key", [("a",), (1, "a"), ("a", True), ("a", 2**70), ("a\0", 1), ("\ud800", 1)])
def test_a_key_of_another_kind_opens_page_one(key: tuple[str | int, ...]) -> None:
    import base64
    import json

    text = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
    assert paging.read(text, like=("", 0)) is None
