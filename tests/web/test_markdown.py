"""Markdown on a page: nobody's HTML, headings where the page wants them, no styles in line."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.web.markdown import markdown
from tests import markup

PAGE = "<!DOCTYPE html><html lang='en'><head><title>x – y</title></head><body><h1>x</h1>{}</body></html>"


def levels(html: str) -> list[int]:
    return [int(level) for level in re.findall(r"<h([1-6])", html)]


def test_headings_begin_below_the_pages_own_and_none_is_left_out():
    assert levels(markdown("#### a\n\n###### b\n\n#### c\n\n# d\n\n### e")) == [3, 4, 3, 3, 4]
    assert levels(markdown("# a", below=3)) == [4]


def test_html_scripts_and_pictures_of_the_writer_stay_words():
    html = markdown("<script>alert(1)</script> ![x](http://a.example/b.png) [go](javascript:alert(1)) <b>bold</b>")
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert 'href="javascript' not in html


def test_a_table_has_headings_of_columns_and_no_style_in_line():
    html = markdown("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert html.count('scope="col"') == 2
    assert "style" not in html
    assert "govuk-table__cell--numeric" in html


@pytest.mark.parametrize("text", [None, "", " ", "|", "[](", "\ufeff"])
def test_nothing_much_is_no_error(text):
    markdown(text)


LINES = ["# a", "#### b", "- x", "1. y", "| a |", "|---|", "> q", "<p>", "`c`", "[l](/x)", "", "***"]
LETTERS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), max_size=10)


@given(st.lists(st.sampled_from(LINES) | LETTERS, max_size=8).map("\n".join))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_the_page_is_strict_html_without_a_skipped_heading(text):
    html = markdown(text)
    found = [2, *levels(html)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(found))
    assert markup.mistakes(markup.parsed(PAGE.format(html))) == []
