"""The browser's session: who is signed in, since when, with which steps, and when that ends by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_security
from flask import Flask, g, session
from flask_login import AnonymousUserMixin
from flask_security.datastore import SQLAlchemyUserDatastore
from flask_security.totp import Totp

from portal import clock
from portal.access import Can
from portal.database import db

STAFF_IDLE = 30 * 60  # a desk that was left
LONGEST = 12 * 60 * 60  # a working day
FRESH = 15 * 60
HALF_IN_LASTS = 10 * 60
NOTED_EVERY = 60  # seconds; a new cookie with every page would be waste
KEPT = ("_flashes", "arrival")  # who scans a check-in code and then signs in was there when they scanned it

# Argon2id as OWASP's Password Storage Cheat Sheet gives it: 19 MiB, two passes, one lane; about 33 ms
SECURITY = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "ID",
        "argon2__memory_cost": 19 * 1024,
        "argon2__time_cost": 2,
        "argon2__parallelism": 1,
    },
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_TOTP_ISSUER": "Alongside",
    "SECURITY_JOIN_USER_ROLES": False,
    # its commands write past our services
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
}


class Visitor(AnonymousUserMixin):
    """Somebody who is not signed in."""

    is_staff = False

    def reach(self, can: Can) -> list[tuple[int, int | None]]:
        """Nowhere."""
        return []

    def may(self, can: Can) -> bool:
        """Nothing that asks for a role."""
        return False


class People(SQLAlchemyUserDatastore):
    """Flask-Security's way to our users. It never commits: the redirect at the end of a request does."""

    def commit(self) -> None:
        """Leave it to the request."""


class Authenticator(Totp):
    """Codes of authenticator apps. Each code works once; the secret's column is encrypted, so it is not twice."""

    def generate_totp_secret(self) -> str:
        """A new secret."""
        return str(self._totp.new().to_json(encrypt=False))

    def get_last_counter(self, user: Any) -> int | None:
        """The half minute of the last code that was taken."""
        counter: int | None = user.totp_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember it: this code and older ones are spent."""
        user.totp_last_counter = tmatch.counter


def set_up(app: Flask, *, user_model: type, find: Callable[[str], Any]) -> flask_security.Security:
    """Let people sign in to this app. `find` gives the user of a session's key, or None."""
    app.config.update(SECURITY)
    app.config["SECURITY_TOTP_SECRETS"] = {"1": app.config["SECRET_KEY"]}
    security = flask_security.Security(
        app, People(db, user_model, flask_security.RoleMixin), register_blueprint=False, totp_cls=Authenticator
    )
    security.principal.skip_static = True  # a style sheet asks for nobody
    manager = security.login_manager
    manager.anonymous_user = Visitor
    manager.user_loader(lambda key: _still_signed_in(find(key)))
    manager._request_callback = None  # no tokens in headers or addresses: a session, or nobody
    manager.session_protection = None  # a phone changes its network on the bus
    return security


def begin(user: Any, *, two_steps: bool) -> None:
    """Sign somebody in, in a session that shares nothing with the one before."""
    empty()
    flask_security.login_user(user, remember=False)
    session["began"] = session["seen"] = _now()
    session["two_steps"] = two_steps


def begin_half(user: Any) -> None:
    """The first step was right: the second comes within ten minutes, and until then nothing is open."""
    sign_in = session.get("sign_in", {})
    empty()
    session["sign_in"] = sign_in
    session["half_in"] = {"key": user.get_id(), "until": _now() + HALF_IN_LASTS}


def key_half_in() -> str:
    """The key of whoever has passed the first step, or "" when nobody has or it is too long ago."""
    half = session.get("half_in")
    return str(half["key"]) if half and int(half["until"]) > _now() else ""


def end() -> None:
    """Sign out."""
    flask_security.logout_user()
    empty()


def empty() -> None:
    """Forget everything but what the next page is to say, the token of the old session's forms too."""
    for key in [key for key in session if key not in KEPT]:
        del session[key]
    g.pop("csrf_token", None)


def is_fresh() -> bool:
    """Whether this person signed in only minutes ago: asked before what guards the account is changed."""
    return _now() - int(session.get("began", 0)) < FRESH


def _still_signed_in(user: Any) -> Any:
    """The user, unless the account was closed, time is up, or the role asks for a step that was not taken."""
    now, began, seen = _now(), int(session.get("began", 0)), int(session.get("seen", 0))
    if user is None or not user.may_sign_in or now - began > LONGEST:
        return None
    if user.is_staff and (not session.get("two_steps") or now - seen > STAFF_IDLE):
        return None
    if now - seen > NOTED_EVERY:
        session["seen"] = now
    return user


def _now() -> int:
    return int(clock.now().timestamp())
