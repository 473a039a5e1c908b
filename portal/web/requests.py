"""One request from beginning to end: its id, and whether what it wrote is kept."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, current_app, g, request

from portal import database

READS = {"GET", "HEAD", "OPTIONS"}
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
log = structlog.get_logger()
F = TypeVar("F", bound=Callable[..., Any])


def keeps_what_it_answers(view: F) -> F:
    """Mark a view that scripts post to: what it wrote is kept with an answer of 200, because no page follows."""
    view.keeps = True  # type: ignore[attr-defined]
    return view


class Portal(Flask):
    """Flask, with one rule: a write that ends in a redirect is kept; anything else is undone.

    A view marked `keeps_what_it_answers` answers a script, not a person: its 200 counts as the redirect does.
    """

    def dispatch_request(self) -> Any:
        """Call the view, then settle its transaction while errors can still become pages."""
        response = self.make_response(super().dispatch_request())
        keep = request.method not in READS and (300 <= response.status_code < 400 or _is_kept_answer(response))
        if not response.is_streamed:
            database.settle(keep=keep)
        return response

    def log_exception(self, exc_info: Any) -> None:
        """Write what failed under the page's name, not its path: a one-time link has its secret in the path."""
        log.error("a page failed", endpoint=request.endpoint, method=request.method, exc_info=exc_info)


def _is_kept_answer(response: Response) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return response.status_code == 200 and getattr(view, "keeps", False)


def begin() -> None:
    """Give the request an id, and say whether it may write."""
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    database.will_write(request.method not in READS)


def end(response: Response) -> Response:
    """Write one log line: no address, no name, no query."""
    took = round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None
    log.info("request", method=request.method, endpoint=request.endpoint, status=response.status_code, ms=took)
    if "request_id" in g:
        response.headers["X-Request-ID"] = g.request_id
    return response


def set_up(app: Flask) -> None:
    """Put the beginning and the end around every request of this app."""
    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(lambda _error: database.will_write(True))
