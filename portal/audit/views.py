"""Pages of the record, and who acts in a request."""

from __future__ import annotations

from flask import Blueprint, g, request
from flask_login import current_user

from portal.audit.services import NOBODY, acting
from portal.web.requests import READS

bp = Blueprint("audit", __name__)


def say_who_acts() -> None:
    """Before every write: tell the record who acts, the person signed in or nobody."""
    if request.method not in READS:
        acting(current_user if current_user.is_authenticated else NOBODY, request_id=g.request_id)
