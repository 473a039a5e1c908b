"""Rubbish posted at every address that takes a post is answered in words: never with a 500."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes, urljoin

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.database import db
from portal.database import session as database
from portal.web.limits import limiter
from tests import markup
from tests.browser import Browser, _standing
from tests.pages.world import World, made

Fields = dict[str, list[str]]
RUBBISH = [
    b"",
    b" ",
    b"x" * 10_000,
    b"\xff\xfe caf\xe9",
    b"\x00",
    "\u202eolleh \u0633\u0644\u0627\u0645".encode(),
    "\U0001f469\u200d\U0001f680\U0001f393".encode(),
    b"9" * 400,
    b"99999999999999999999",
    b"-1",
    b"1e308",
    b"NaN",
    b"2026-02-31",
    b"<script>alert(1)</script>",
    b"\r\n\r\n",
]
# Asked for by posts that have no page of their own, or by no form that a visitor sees.
TURNS, MIXTURES = 4, 3  # a post costs 30 ms or more, and there are 80 addresses on two databases
ALSO_ASKED = ("version", "volunteer_id", "referee_id", "role", "next")


@pytest.fixture(autouse=True)
def without_tokens_and_limits(app: Any, monkeypatch: Any) -> None:
    """What is sent here is meant to reach the forms; that tokens and limits are kept has its own tests."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setattr(limiter, "enabled", False)


def test_rubbish_at_every_form_is_answered_in_words(app: Any, session: Any, subtests: Any) -> None:
    world = made()
    browser = Browser(app)
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint)
    asked = forms_seen(app, world, browser, rules)
    answered: Counter[int] = Counter()
    for rule in rules:
        if "POST" not in rule.methods:
            continue
        with subtests.test(rule.endpoint):
            path = world.path(app, rule)
            throw_rubbish_at(app, world, browser, rule.endpoint, path, asked.get(path, {}), answered)
    assert set(answered) <= {200, 302, 303, 400, 401, 403, 404, 409, 410, 413, 422}
    assert answered[422] > 300, "the forms were not reached"
    assert answered[302] > 30, "nothing that was sent was good enough to reach a service"


def forms_seen(app: Any, world: World, browser: Browser, rules: list[Any]) -> dict[str, Fields]:
    """What stands in the forms of every page, by the path they post to."""
    found: dict[str, Fields] = {}
    for rule in rules:
        if "GET" not in rule.methods or rule.endpoint in {"health.show_readiness", "static"}:
            continue
        path = world.path(app, rule)
        world.visit(browser, rule.endpoint, app.view_functions[rule.endpoint].needs)
        answer = browser._send(path, method="GET")
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in markup.parsed(answer.get_data(as_text=True)).iter("form"):
            if (form.get("method") or "get").lower() == "post":
                named = {field.get("name", ""): [""] for field in markup.inputs(form) if field.get("name")}
                known = found.setdefault(urljoin(path, form.get("action") or path), {})
                known.update(named | {name: [str(v) for v in values] for name, values in _standing(form).items()})
    return found


def throw_rubbish_at(
    app: Any, world: World, browser: Browser, endpoint: str, path: str, standing: Fields, answered: Counter[int]
) -> None:
    """Rubbish in all fields at once, another kind in each; then mixtures with good answers, gaps and repeats."""
    needs = app.view_functions[endpoint].needs
    names = [name for name in standing if name != "csrf_token"] + [n for n in ALSO_ASKED if n not in standing]
    good = {name: [value.encode() for value in standing.get(name, [])] for name in names}

    def post(fields: dict[str, list[bytes]]) -> None:
        with undone_afterwards(app):
            world.visit(browser, endpoint, needs)
            body = "&".join(f"{name}={quote_from_bytes(value)}" for name, values in fields.items() for value in values)
            answer = browser._send(
                path, method="POST", data=body.encode(), content_type="application/x-www-form-urlencoded"
            )
            answered[answer.status_code] += 1
            assert answer.status_code < 500, f"POST {path} answered {answer.status_code} to {body[:300]}"

    post({})
    for turn in range(TURNS):
        post({name: [RUBBISH[(3 * turn + place) % len(RUBBISH)]] for place, name in enumerate(names)})

    rubbish = st.sampled_from(RUBBISH) | st.binary(max_size=20) | st.text(max_size=20).map(lambda text: text.encode())
    answers = {
        name: st.just(good[name]) | st.lists(rubbish, max_size=1) | st.lists(rubbish, min_size=2, max_size=3)
        for name in names
    }

    @settings(
        max_examples=MIXTURES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.fixed_dictionaries(answers))
    def mixtures(fields: dict[str, list[bytes]]) -> None:
        post(fields)

    mixtures()


@contextlib.contextmanager
def undone_afterwards(app: Any) -> Iterator[None]:
    """Whatever rubbish achieved is undone, so that the next finds the page as it was."""
    database.rollback()
    savepoint = db._app_engines[app][None].begin_nested()
    try:
        yield
    finally:
        database.rollback()
        savepoint.rollback()
