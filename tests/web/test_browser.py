"""The tests' browser sees what is wrong with a page: a check that finds nothing would be worth nothing."""

from __future__ import annotations

import pytest
from flask import Response, redirect, request

from tests.web.small_app import with_view

GOOD = '<!DOCTYPE html><html lang="en"><head><title>Hello – Us</title></head><body><h1>Hello</h1>{}</body></html>'


def test_a_good_page_is_read() -> None:
    browser = with_view(lambda: GOOD.format("<p>One <b>two</b></p><p>three</p>")).get("/")
    assert browser.heading == "Hello"
    assert browser.sees("One two", "three")
    assert not browser.sees("four")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("<p><div></p>", "not valid HTML"),
        ("<p>a & b</p><table><p></table>", "not valid HTML"),
        ("<h1>Again</h1>", "there are 2 main headings"),
        ('<input name="x">', "the input 'x' has no label"),
        ('<select name="s"><option>1</option></select>', "the input 's' has no label"),
        ('<p id="a"></p><p id="a"></p>', "the id 'a' is used 2 times"),
        ('<p style="color:red">x</p>', "has style="),
        ('<button onclick="x()">x</button>', "has onclick="),
        ("<script>x()</script>", "an inline script"),
        ('<a href="#nowhere">x</a>', "leads to #nowhere"),
        ('<p aria-describedby="gone">x</p>', "names 'gone'"),
        ("<button></button>", "a button says nothing"),
        ('<a href="/x"></a>', "says nothing"),
    ],
)
def test_a_mistake_on_a_page_is_found(wrong: str, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        with_view(lambda: GOOD.format(wrong)).get("/")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (GOOD.replace("Hello – Us", "Bye – Us"), "does not begin with the heading"),
        (GOOD.replace(' lang="en"', ""), "does not say its language"),
        (GOOD.replace("<h1>Hello</h1>", ""), "there are 0 main headings"),
    ],
)
def test_a_mistake_of_the_whole_page_is_found(page: str, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        with_view(lambda: page.format("")).get("/")


def test_a_failure_is_never_passed_over() -> None:
    with pytest.raises(AssertionError, match="failed"):
        with_view(lambda: Response("oh", status=500, mimetype="text/plain")).get("/", status=500)


def test_another_status_than_the_one_meant_is_found() -> None:
    with pytest.raises(AssertionError, match="answered 404, not 200"):
        with_view(lambda: "x").get("/nowhere")


def test_a_page_that_leads_away_or_round_in_circles_is_found() -> None:
    with pytest.raises(AssertionError, match="leads away"):
        with_view(lambda: redirect("https://elsewhere.example/")).get("/")
    with pytest.raises(AssertionError, match="redirects for ever"):
        with_view(lambda: redirect("/")).get("/")


def test_a_question_or_button_that_is_not_there_is_found() -> None:
    form = '<form><label for="n">Name</label><input id="n" name="n"><button>Go</button></form>'
    browser = with_view(lambda: GOOD.format(form)).get("/")
    with pytest.raises(AssertionError, match="no question says 'Age'"):
        browser.fill({"Age": "3"}).submit("Go")
    with pytest.raises(AssertionError, match="no link or button says 'Stop'"):
        browser.get("/").click("Stop")


def test_a_form_is_sent_as_it_stands_with_what_was_filled_in() -> None:
    form = """<form><input type="hidden" name="h" value="1"><label for="t">T</label><textarea id="t" name="t">
old</textarea><label for="s">S</label><select id="s" name="s"><option value="a">A</option><option value="b">B</option>
</select><fieldset><legend>Which?</legend><input type="checkbox" id="c1" name="c" value="x" checked>
<label for="c1">X</label><input type="checkbox" id="c2" name="c" value="y"><label for="c2">Y</label></fieldset>
<button name="go" value="now">Go</button></form>"""
    sent = []

    def view() -> str:
        sent.append(request.args.to_dict(flat=False))
        return GOOD.format(form)

    browser = with_view(view).get("/")
    browser.submit("Go")
    browser.fill({"T": "new", "S": "B", "Which?": ["Y"]}).submit("Go")
    assert sent[1] == {"h": ["1"], "t": ["old"], "s": ["a"], "c": ["x"], "go": ["now"]}
    assert sent[2] == {"h": ["1"], "t": ["new"], "s": ["b"], "c": ["y"], "go": ["now"]}


def test_a_file_is_not_read_as_a_page() -> None:
    browser = with_view(lambda: Response(b"%PDF", mimetype="application/pdf")).get("/")
    assert browser.body == b"%PDF"
    assert browser.root is None
