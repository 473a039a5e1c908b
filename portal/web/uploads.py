"""Pages that take files: how much they may be sent, and what becomes of more than that."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from portal.database import session

F = TypeVar("F", bound=Callable[..., Any])
ROOM = 40 * 1024 * 1024
"""Bytes of one request. Above what one file may be, so that a file a little too large is told of at its field."""
MOST_LISTENED = 512 * 1024 * 1024
LONGEST_LISTENED = 60.0
"""Seconds. Whoever is slower than this sees their browser's own error."""


def takes_files(view: F) -> F:
    """Mark a view that is sent files; every other page takes little, so that nobody can fill our memory there."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def make_room() -> None:
    """Before every request, and after the guard: only who may open the page gets the room."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_files", False) and request.method == "POST":
        request.max_content_length = ROOM
        # A file comes as slowly as its sender's line: nobody else's writing waits for it.
        session.rollback()
        _ = request.files


def hear_out() -> None:
    """Read what nobody will to its end and throw it away: a browser shows no answer before it has sent all."""
    if "stream" in request.__dict__ or not request.content_length:
        return  # begun, and who would read on might wait for more than there is
    session.rollback()
    left, until = min(request.content_length, MOST_LISTENED), time.monotonic() + LONGEST_LISTENED
    while left > 0 and time.monotonic() < until:
        got = request.environ["wsgi.input"].read(min(left, 64 * 1024))
        if not got:
            break
        left -= len(got)


def register(app: Flask) -> None:
    """Make room before the forms are read."""
    app.before_request(make_room)
