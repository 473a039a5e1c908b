"""What a person sees when something cannot be done: one map from what went wrong to plain words."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from portal.database import session
from portal.refusals import Refused
from portal.web.uploads import hear_out

log = logging.getLogger(__name__)
SIGN_IN_ENDPOINTS = ("accounts.sign_in", "security.login")
BUSY = (
    "database is locked",
    "deadlock detected",
    "could not serialize",
    "lock timeout",
    "too many connections",
)


@dataclass(frozen=True)
class Words:
    """The heading of an error page, and what to do about it."""

    title: str
    advice: tuple[str, ...]


WORDS = {
    400: Words("That did not work", ("Go back and try again.",)),
    403: Words(
        "You cannot see this page",
        ("Your account does not give you access to it.", "If you need it for your work, ask your scheme."),
    ),
    404: Words(
        "Page not found",
        (
            "If you typed the web address, check it is correct.",
            "If you followed a link, it may be out of date.",
        ),
    ),
    405: Words("That did not work", ("This page cannot be used in that way. Go back and try again.",)),
    409: Words(
        "This cannot be done now",
        ("Nothing has been changed. Go back to see how things stand.",),
    ),
    410: Words(
        "This link no longer works",
        ("It has been used, or it is too old.", "Ask the person who sent it to send a new one."),
    ),
    413: Words(
        "What you sent is too large",
        ("Go back and send a smaller file, or less text. A file may be up to 20 MB.",),
    ),
    429: Words(
        "Too many tries",
        ("Wait a few minutes, then try again. Nothing has been changed.",),
    ),
    500: Words(
        "Sorry, something went wrong",
        ("What you sent may not have been saved. Go back and try again.",),
    ),
    503: Words(
        "Sorry, we are busy",
        ("Nothing has been changed. Go back and try again in a few seconds.",),
    ),
}
STALE = Words(
    "Someone else changed this",
    (
        "While you had this page open, another person saved a change to it. Your change has not been saved.",
        "Go back, reload the page to see theirs, and make yours again if it is still needed.",
    ),
)
TWICE = Words(
    "This has been done already",
    (
        "It was sent twice, or somebody else did the same at the same moment. What was sent first is saved.",
        "Go back and reload the page to see how things stand.",
    ),
)
NOT_SURE_IT_WAS_YOU = Words(
    "We could not be sure it was you",
    (
        "Your page was open for a long time, or your browser does not keep cookies.",
        "Nothing has been changed.",
        "Go back, reload the page and send it again.",
    ),
)
UNREADABLE = Words(
    "We could not read what you sent",
    ("Some of the letters were damaged on the way. Nothing has been changed. Go back and type them again.",),
)


def register(app: Flask) -> None:
    """Answer every kind of failure with a page in plain words and the right status."""
    app.register_error_handler(401, _sign_in)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(CSRFError, _not_sure_it_was_you)
    app.register_error_handler(UnicodeError, _unreadable)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(IntegrityError, _twice)
    app.register_error_handler(HTTPException, _status)
    # For everything unforeseen Flask writes the traceback to the log and then asks this one for a page.
    app.register_error_handler(InternalServerError, _unforeseen)


def error_page(status: int, words: Words | None = None, *, reasons: list[str] | None = None) -> Response:
    """A page that says what went wrong and what to do; a 5xx page asks nothing of the database."""
    # What failed half-way is undone before the page asks who is looking: a broken transaction answers nobody.
    session.rollback()
    words = words or WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    facts: dict[str, object] = {
        "title": words.title,
        "advice": words.advice,
        "reasons": reasons or [],
        "reference": None,
    }
    if status >= 500:
        facts["reference"] = _reference()
        html = current_app.jinja_env.get_template("web/error.html").render(facts, is_bare=True)
    else:
        html = current_app.jinja_env.get_template("web/error.html").render(_context(facts))
    response = Response(html, status=status, mimetype="text/html")
    if status in {429, 503}:
        response.headers["Retry-After"] = "5"
    return response


def _context(facts: dict[str, object]) -> dict[str, object]:
    context = dict(facts)
    current_app.update_template_context(context)
    return context


def _sign_in(error: HTTPException) -> ResponseReturnValue:
    hear_out()
    endpoint = next((name for name in SIGN_IN_ENDPOINTS if name in current_app.view_functions), None)
    # Only a page can be gone back to; what was posted is not kept across a sign-in.
    next_url = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None
    if endpoint is None:
        return error_page(401, Words("Sign in first", ("You need to sign in to see this page.",)))
    return redirect(url_for(endpoint, next=next_url))


def _refused(error: Refused) -> ResponseReturnValue:
    return error_page(409, reasons=error.reasons)


def _stale(error: StaleDataError) -> ResponseReturnValue:
    return error_page(409, STALE)


def _not_sure_it_was_you(error: CSRFError) -> ResponseReturnValue:
    return error_page(400, NOT_SURE_IT_WAS_YOU)


def _unreadable(error: UnicodeError) -> ResponseReturnValue:
    # A UnicodeError from deep inside is a fault of ours all the same: it must be found in the log.
    log.warning("a request could not be decoded", exc_info=error)
    return error_page(400, UNREADABLE)


def _database(error: DBAPIError) -> ResponseReturnValue:
    if any(sign in str(error.orig).lower() for sign in BUSY):
        log.warning("the database was busy")
        return error_page(503)
    raise error


def _twice(error: IntegrityError) -> ResponseReturnValue:
    # Two taps at one moment: both found nothing there, and the database took the first. Other faults are ours.
    is_there = getattr(error.orig, "sqlstate", "") == "23505" or str(error.orig).startswith("UNIQUE constraint failed")
    if not is_there:
        raise error
    log.warning("the same was sent twice at the same moment")
    return error_page(409, TWICE)


def _status(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if error.code in {403, 413}:
        hear_out()
    page = error_page(error.code)
    for header, value in error.get_headers(request.environ):
        if header.lower() not in {"content-type", "content-length"}:
            page.headers[header] = value
    return page


def _unforeseen(error: InternalServerError) -> ResponseReturnValue:
    page = error_page(500)
    log.error("a page failed; reference %s", _reference())
    return page


def _reference() -> str:
    """What a person can read out on the phone and we can find in the log."""
    if "error_reference" not in g:
        g.error_reference = str(g.get("request_id") or secrets.token_hex(4))
    return str(g.error_reference)
