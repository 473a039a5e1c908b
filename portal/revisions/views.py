"""Pages on which somebody decides whether a running group moves to another version of its course."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.cohorts.models import Cohort
from portal.cohorts.services import OPEN
from portal.messages.services import must_be_told
from portal.refusals import Refused
from portal.revisions import queries, services
from portal.revisions.forms import MoveToVersionForm
from portal.timetable.queries import learners_to_tell
from portal.web.pages import CONFLICT, page

bp = Blueprint("revisions", __name__)


@bp.route("/cohorts/<int:cohort_id>/course-versions")
@allows(Can.MANAGE_COHORTS)
def list_versions(cohort_id: int) -> ResponseReturnValue:
    """Which version a group follows, and which others there are."""
    cohort = _theirs(cohort_id)
    return page(
        "revisions/list_versions.html", cohort=cohort, versions=queries.other_versions(cohort),
        is_open=cohort.state in OPEN,
    )  # fmt: skip


@bp.route("/cohorts/<int:cohort_id>/course-versions/<int:version_id>", methods=["GET", "POST"])
@allows(Can.MANAGE_COHORTS)
def move_to_version(cohort_id: int, version_id: int) -> ResponseReturnValue:
    """Show what another version would bring, ask why, and move the group to it."""
    cohort = _theirs(cohort_id)
    version = queries.other_version(cohort, version_id) or abort(404)
    proposal = queries.proposal(cohort, version)
    form = MoveToVersionForm(seen=proposal.seen)
    status = 200
    if form.validate_on_submit():
        try:
            changes = services.move(cohort, version, because=form.because.data, seen=form.seen.data, by=current_user)
        except Refused as refused:
            form.form_errors = refused.reasons
            form.seen.raw_data, form.seen.data, status = None, proposal.seen, CONFLICT
        else:
            told = ". Everybody has been told of the dates" if any(each.matters for each in changes) else ""
            flash(f"{cohort.name} now follows version {version.number}{told}", "success")
            unreached = [each.volunteer.name for each in learners_to_tell(cohort) if must_be_told(each.volunteer_id)]
            if told and unreached:
                flash(f"Tell them yourself, no email or text reaches them: {', '.join(unreached)}", "warning")
            return redirect(url_for("cohorts.show_cohort", cohort_id=cohort_id))
    return page(
        "revisions/move_to_version.html", status=status, form=form, cohort=cohort, version=version, proposal=proposal,
        may_move=cohort.state in OPEN and not proposal.reasons,
    )  # fmt: skip


def _theirs(cohort_id: int) -> Cohort:
    return queries.cohort(cohort_id, seen_by=current_user) or abort(404)
