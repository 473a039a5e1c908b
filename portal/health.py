"""Two pages for machines: is the process up, and may it be sent visitors?"""

from __future__ import annotations

from functools import cache

from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal import clock
from portal.access import Can, allows
from portal.database import session
from portal.locks.models import CLOCK
from portal.locks.queries import last_beat

bp = Blueprint("health", __name__)


@bp.route("/healthz")
@allows(Can.VISIT)
def show_health() -> ResponseReturnValue:
    """The process is up; nothing else is asked."""
    return jsonify(status="ok")


@bp.route("/readyz")
@allows(Can.VISIT)
def show_readiness() -> ResponseReturnValue:
    """Whether the database answers and has every revision; how long ago the worker was heard is for information."""
    head = _head(current_app.extensions["migrate"].directory)
    facts: dict[str, object] = {"database": "away", "migrations": "unknown", "worker_seconds": None}
    try:
        session.execute(text("SELECT 1"))
        facts["database"] = "ok"
        stands_at = session.scalar(text("SELECT version_num FROM alembic_version"))
        facts["migrations"] = "ok" if stands_at == head else f"at {stands_at}, not {head}"
        beat = last_beat(CLOCK) if stands_at == head else None
        facts["worker_seconds"] = int((clock.now() - beat).total_seconds()) if beat else None
    except DBAPIError:
        session.rollback()
        if facts["database"] == "ok":
            facts["migrations"] = f"none, not {head}"
    is_ready = (facts["database"], facts["migrations"]) == ("ok", "ok")
    return jsonify(status="ok" if is_ready else "not ready", **facts), 200 if is_ready else 503


@cache
def _head(directory: str) -> str | None:
    """The newest revision; read once, because the files do not change while a process runs."""
    return ScriptDirectory(directory).get_current_head()
