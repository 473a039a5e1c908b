"""Pages about agreements: publishing, reading, putting one's name under it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.agreements import queries, services
from portal.agreements.forms import AcknowledgeForm, AgreementForm, PaperForm
from portal.schemes.queries import schemes_of
from portal.volunteers.queries import own_volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.pages import accepted, page

bp = Blueprint("agreements", __name__)


@bp.route("/agreement", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
def publish_agreement() -> ResponseReturnValue:
    """Every version so far, and a new one, which begins as a copy of the last."""
    versions = queries.agreements(seen_by=current_user)
    schemes = {each.id: each for each in schemes_of(seen_by=current_user, can=Can.MANAGE_SCHEME)}
    last = versions[0] if versions else None
    shown = {"scheme": last.scheme_id, "title": last.title, "text": last.text} if last else {}
    form = AgreementForm(data={"scheme": next(iter(schemes), None), **shown})
    form.scheme.choices = [(each.id, each.name) for each in schemes.values()]
    if form.validate_on_submit() and accepted(
        form, services.publish, schemes[form.scheme.data], title=form.title.data, text=form.text.data,
        by=current_user,
    ):  # fmt: skip
        flash("The new version is published. Everybody with a place is asked to read it", "success")
        return redirect(url_for(".publish_agreement"))
    return page("agreements/publish_agreement.html", form=form, versions=versions)


@bp.route("/my/agreement", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
def acknowledge_agreement() -> ResponseReturnValue:
    """Read what we expect of each other, and type one's name."""
    volunteer = own_volunteer(current_user) or abort(404)
    agreement = queries.latest_agreement(volunteer.scheme_id)
    done = queries.acknowledgement(volunteer, agreement)
    form, may = AcknowledgeForm(), volunteer.stage in services.OFFERED
    if form.is_submitted() and (done or not may):  # a second tap, or too early: the page says which
        return redirect(url_for(".acknowledge_agreement"))
    if agreement and form.validate_on_submit():
        typed = form.typed_name.data
        if accepted(form, services.acknowledge, volunteer, agreement=agreement, typed_name=typed, by=current_user):
            flash("Thank you. Your name is under it", "success")
            return redirect(url_for(".acknowledge_agreement"))
    return page(
        "agreements/acknowledge_agreement.html", form=form, volunteer=volunteer, agreement=agreement, done=done, may=may
    )


@bp.route("/people/<int:volunteer_id>/agreement", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def record_agreement(volunteer_id: int) -> ResponseReturnValue:
    """Record that they acknowledged the agreement on paper."""
    volunteer = find_volunteer(volunteer_id, seen_by=current_user, can=Can.DECIDE_APPLICATIONS) or abort(404)
    agreement = queries.latest_agreement(volunteer.scheme_id)
    done = queries.acknowledgement(volunteer, agreement)
    form = PaperForm()
    if form.is_submitted() and done:  # a second tap
        return redirect(url_for(".record_agreement", volunteer_id=volunteer.id))
    if agreement and form.validate_on_submit():
        typed = form.typed_name.data
        if accepted(form, services.acknowledge, volunteer, agreement=agreement, typed_name=typed, by=current_user):
            flash("It is recorded", "success")
            return redirect(url_for("conditions.confirm_place", volunteer_id=volunteer.id))
    return page("agreements/record_agreement.html", form=form, volunteer=volunteer, agreement=agreement, done=done)
