"""What is in the log, and what is not: no name, no address, nothing that somebody typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import abort, redirect, request

from portal import clock
from portal.access import Can, allows
from portal.accounts.models import User
from portal.database import db, session
from tests.databases import empty_database, portal_on

TYPED = {"name": "Siân Llŷr", "email": "sian.llyr@example.org", "why": "Because of 1998"}


@allows(Can.VISIT)
def save() -> Any:
    """A view as any other: what was typed is kept; a second time the database refuses it."""
    form = request.form
    session.add(User(email=form["email"], name=form["name"], fs_uniquifier=form["email"], created_at=clock.now()))
    session.flush()
    return redirect("/healthz")


@allows(Can.VISIT)
def fail() -> Any:
    """A view with a mistake of ours."""
    raise KeyError("not a field of the form")


@allows(Can.VISIT)
def refuse() -> Any:
    """A view that says no."""
    abort(403)


@pytest.fixture
def portal(database_name, request, tmp_path) -> Iterator[Any]:
    """A portal with these views, whose lines are all written."""
    server = request.getfixturevalue("postgresql_url") if database_name == "postgresql" else None
    with empty_database(server, tmp_path / "log.sqlite") as url, portal_on(url, tmp_path, log_level="DEBUG") as app:
        app.config |= {"WTF_CSRF_ENABLED": False, "PROPAGATE_EXCEPTIONS": False, "TESTING": False}
        for view in (save, fail, refuse):
            app.add_url_rule(
                f"/{view.__name__}/<secret>", view.__name__, lambda secret, view=view: view(), methods=["POST"]
            )
            app.view_functions[view.__name__].needs = Can.VISIT
        with app.app_context():
            db.create_all()
        yield app


@pytest.mark.parametrize(
    ("path", "statuses"),
    [("/save/one-time-secret", (302, 409)), ("/fail/one-time-secret", (500,)), ("/refuse/x", (403,))],
)
def test_nothing_that_was_typed_is_in_the_log(portal, capsys, path, statuses):
    client = portal.test_client()
    for status in statuses:
        assert client.post(path, data=TYPED, query_string={"to": TYPED["email"]}).status_code == status
    log = capsys.readouterr().err
    lines = [json.loads(line) for line in log.splitlines()]
    pages = [line for line in lines if line.get("event") == "request"]
    assert [page["status"] for page in pages] == list(statuses)
    assert all(page["request_id"] and page["endpoint"] == path.split("/")[1] for page in pages)
    for words in (*TYPED.values(), "Llŷr", "sian", "1998", "one-time-secret", "192.0.2.1", "127.0.0.1"):
        assert words not in log
        assert json.dumps(words).strip('"') not in log


def test_a_mistake_of_ours_is_in_the_log_with_where_it_happened(portal, capsys):
    answer = portal.test_client().post("/fail/x", headers={"X-Request-ID": "a-reference-of-theirs"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (failed,) = [line for line in lines if "exception" in line]
    assert "KeyError" in failed["exception"]
    assert (failed["endpoint"], failed["request_id"]) == ("fail", "a-reference-of-theirs")
    assert "a-reference-of-theirs" in answer.get_data(as_text=True)
