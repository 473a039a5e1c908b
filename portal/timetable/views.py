"""Pages on which the dates of a course change."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.cohorts.models import CohortSession
from portal.timetable import queries, services
from portal.timetable.forms import CancelSessionForm
from portal.web.pages import page

bp = Blueprint("timetable", __name__)


@bp.route("/sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def cancel_session(session_id: int) -> ResponseReturnValue:
    """Say that a session did not take place."""
    sitting = _theirs(session_id)
    form = CancelSessionForm()
    if form.validate_on_submit():
        services.cancel_session(sitting, because=form.because.data, by=current_user)
        flash(f"Session {sitting.number} is cancelled and counts for nobody", "success")
        return redirect(url_for("registers.mark_register", session_id=session_id))
    return page("timetable/cancel_session.html", form=form, sitting=sitting)


@bp.route("/sessions/<int:session_id>/restore", methods=["POST"])
@allows(Can.MARK_REGISTER)
def restore_session(session_id: int) -> ResponseReturnValue:
    """A cancelled session did take place after all."""
    sitting = _theirs(session_id)
    services.restore_session(sitting, by=current_user)
    flash(f"Session {sitting.number} took place: mark its register", "success")
    return redirect(url_for("registers.mark_register", session_id=session_id))


def _theirs(session_id: int) -> CohortSession:
    return queries.cohort_session(session_id, seen_by=current_user, can=Can.MARK_REGISTER) or abort(404)
