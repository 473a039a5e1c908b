"""The kit in a real browser: narrow phones, no JavaScript, keyboard, and axe."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.typing import ResponseReturnValue
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.web.pages import page
from tests.skips import needs
from tests.web.small_app import FORM_PAGE, small_app
from tests.web.test_fields import AboutYou
from tests.web.test_pages import EVERY_PIECE
from tools import assets

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REGISTER = """{% extends "web/base.html" %}{% set title = "Attendance register" %}{% set caption = "Week 4 of 12" %}
{% block head %}<script type="module" src="{{ module_url('register.js') }}"></script>{% endblock %}
{% block content %}<form method="post" class="register">
{% for person in people %}<fieldset class="register__row" id="row-{{ loop.index }}">
<legend class="register__name" dir="auto">{{ person | name }}</legend>
<div class="register__choices">{% set row = loop.index %}
{% for code in ["Present", "Late", "Absent", "Excused", "Catch-up", "Left early"] %}
<div class="register__choice"><input type="radio" id="m{{ row }}-{{ loop.index }}" name="m{{ row }}" value="{{ code }}">
<label for="m{{ row }}-{{ loop.index }}">{{ code }}</label></div>{% endfor %}
</div></fieldset>{% endfor %}
<div class="save-bar"><p class="save-bar__count" role="status"></p>
<button class="govuk-button" type="submit">Save register</button></div></form>{% endblock %}"""
PEOPLE = ["Amara Okafor", "Łukasz Wójcik", "Siân Ŵyn-Jones", "محمد علی", "Zoë O’Brien"] * 4


class Quiet(WSGIRequestHandler):
    def log(self, *_words: Any, **_more: Any) -> None:
        """Say nothing."""


def kit() -> Flask:
    app = small_app()

    def form() -> ResponseReturnValue:
        about_you = AboutYou()
        about_you.validate_on_submit()
        return page(app.jinja_env.from_string(FORM_PAGE), form=about_you)

    def register() -> ResponseReturnValue:
        return page(app.jinja_env.from_string(REGISTER), people=PEOPLE)

    app.add_url_rule("/form", "form", form, methods=["GET", "POST"])
    app.add_url_rule("/pieces", "pieces", lambda: page(app.jinja_env.from_string(EVERY_PIECE), people=None))
    app.add_url_rule("/register", "register", register)
    return app


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    needs("node_modules/govuk-frontend")
    assets.main()
    server = make_server("127.0.0.1", 0, kit(), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    needs("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.parametrize("path", ["/pieces", "/form", "/register"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_page_fits_its_screen_and_axe_finds_nothing(width: int, path: str, address: str, chromium: Chromium) -> None:
    tab = chromium.new_page(viewport={"width": width, "height": 844})
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(address + path)
    if path == "/form":
        tab.get_by_role("button", name="Save").click()
        tab.get_by_text("There is a problem").wait_for()
        assert tab.title().startswith("Error: ")
        assert tab.locator(".govuk-error-summary").evaluate("summary => summary.contains(document.activeElement)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate("document.body.classList.contains('js-enabled')")
    found = Axe().run(tab)
    assert [violation["id"] for violation in found.response["violations"]] == []
    assert [words for words in said if "422" not in words] == []
    tab.close()


def test_the_menu_opens_without_javascript_and_is_always_open_on_a_desk(address: str, chromium: Chromium) -> None:
    phone = chromium.new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    phone.goto(f"{address}/pieces")
    link = phone.get_by_role("link", name="My tasks")
    assert not link.is_visible()
    phone.get_by_text("Menu", exact=True).click()
    assert link.is_visible()
    phone.set_viewport_size({"width": 1280, "height": 844})
    phone.goto(f"{address}/pieces")
    assert link.is_visible()
    assert not phone.get_by_text("Menu", exact=True).is_visible()
    phone.close()


def test_escape_closes_the_menu(address: str, chromium: Chromium) -> None:
    phone = chromium.new_page(viewport={"width": 390, "height": 844})
    phone.goto(f"{address}/pieces")
    phone.locator("body.js-enabled").wait_for()
    phone.get_by_text("Menu", exact=True).click()
    phone.keyboard.press("Escape")
    assert not phone.get_by_role("link", name="My tasks").is_visible()
    phone.close()


def test_a_register_counts_marks_and_its_bar_never_hides_what_has_the_focus(address: str, chromium: Chromium) -> None:
    phone = chromium.new_page(viewport={"width": 390, "height": 844})
    phone.goto(f"{address}/register")
    count = phone.locator(".save-bar__count")
    phone.get_by_text("0 of 20 marked").wait_for()
    for row in range(1, 21):
        mark = phone.locator(f"#m{row}-1")
        mark.focus()
        box, bar = mark.bounding_box(), phone.locator(".save-bar").bounding_box()
        assert box is not None
        assert bar is not None
        assert box["y"] + box["height"] <= bar["y"]
        assert box["height"] >= 44
        phone.keyboard.press("Space")
    assert count.inner_text() == "20 of 20 marked"
    phone.close()


def test_a_printed_register_has_no_menu_and_no_button(address: str, chromium: Chromium) -> None:
    tab = chromium.new_page()
    tab.goto(f"{address}/register")
    tab.emulate_media(media="print")
    assert not tab.get_by_role("button", name="Save register").is_visible()
    assert not tab.get_by_role("link", name="My tasks").is_visible()
    assert tab.get_by_role("heading", name="Attendance register").is_visible()
    tab.close()
