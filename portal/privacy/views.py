"""What we hold about people, why, and for how long."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.access import Can, allows
from portal.privacy.rules import RETENTION
from portal.web.pages import page

bp = Blueprint("privacy", __name__)


@bp.route("/privacy")
@allows(Can.VISIT)
def show_notice() -> ResponseReturnValue:
    """The privacy notice, in plain English, with the table of how long each thing is kept."""
    return page("privacy/show_notice.html", retention=RETENTION)
