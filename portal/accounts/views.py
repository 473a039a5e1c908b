"""Signing in and out, invitations, and staff."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask_login import LoginManager

from portal.accounts.models import User
from portal.database import session

bp = Blueprint("accounts", __name__)


def set_up(app: Flask) -> None:
    """Let people sign in to this app."""
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(uniquifier: str) -> User | None:
        return session.query(User).filter_by(fs_uniquifier=uniquifier, active=True).one_or_none()
