"""Pages of the record, and who acts in a request."""

from __future__ import annotations

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.audit import queries
from portal.audit.models import Action
from portal.audit.rules import as_csv
from portal.audit.services import NOBODY, acting
from portal.web.formats import at
from portal.web.pages import page
from portal.web.requests import READS

bp = Blueprint("audit", __name__, url_prefix="/record")
HEAD = ("When (London)", "Who", "What", "Number", "About", "Purpose")


def say_who_acts() -> None:
    """Before every write: tell the record who acts, the person signed in or nobody."""
    if request.method not in READS:
        acting(current_user if current_user.is_authenticated else NOBODY, request_id=g.request_id)


def _asked(name: str) -> str:
    # PostgreSQL takes no NUL in a text, and nobody's name has one
    return request.args.get(name, "").replace("\0", "").strip()


@bp.route("")
@allows(Can.SEE_AUDIT)
def list_lines() -> ResponseReturnValue:
    """What was changed, by whom, with the values before and after."""
    about, by = _asked("about"), _asked("by")
    lines = queries.lines(seen_by=current_user, about=about, by=by, after=request.args.get("after"))
    return page("audit/list_lines.html", lines=lines, about=about, by=by)


@bp.route("/seen")
@allows(Can.SEE_AUDIT)
def list_seen() -> ResponseReturnValue:
    """Who has seen what is behind a wall."""
    about, by = _asked("about"), _asked("by")
    after = request.args.get("after")
    lines = queries.lines(seen_by=current_user, about=about, by=by, action=Action.SEEN, after=after)
    return page("audit/list_seen.html", lines=lines, about=about, by=by)


@bp.route("/seen.csv")
@allows(Can.SEE_AUDIT)
def export_seen() -> ResponseReturnValue:
    """The same as a file for a spreadsheet."""
    lines = queries.all_seen(seen_by=current_user)
    rows = [(at(each.at), each.actor_name, each.what, each.row_id, each.about, each.purpose) for each in lines]
    # the mark at the start tells a spreadsheet that the letters are UTF-8
    response = Response("\ufeff" + as_csv(HEAD, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=who-has-seen.csv"
    return response
