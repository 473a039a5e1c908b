"""Pages about people: the list, one person, their details, and one's own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.refusals import Refused
from portal.schemes.rules import titles_of
from portal.volunteers import queries, services
from portal.volunteers.forms import (
    MyDetailsForm,
    PeopleFilter,
    RevealForm,
    VolunteerForm,
    shown_availability,
    shown_reaching,
)
from portal.volunteers.journey import Stage, moves_from
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import availability_in_words
from portal.web.pages import UNPROCESSABLE, page
from portal.web.text import phone

bp = Blueprint("volunteers", __name__)
CONFLICT = 409


def _one(volunteer_id: int, can: Can = Can.SEE_PEOPLE) -> Volunteer:
    return queries.volunteer(volunteer_id, seen_by=current_user, can=can) or abort(404)


def _own() -> Volunteer:
    return queries.own_volunteer(current_user) or abort(404)


@bp.route("/people")
@allows(Can.SEE_PEOPLE)
def list_volunteers() -> ResponseReturnValue:
    """The people of one's schemes and areas, by name."""
    areas, may_decide = queries.areas_seen_by(current_user), current_user.may(Can.DECIDE_APPLICATIONS)
    form = PeopleFilter(request.args)
    form.stage.choices = [("", "All stages"), *((stage.value, stage.words.in_report) for stage in Stage)]
    form.area.choices = [("", "All areas"), *((str(area.id), area.name) for area in areas)]
    if not form.validate():
        return page("volunteers/list_volunteers.html", form=form, people=None, asked={}, may_decide=may_decide)
    people = queries.people(
        seen_by=current_user, search=form.search.data,
        stage=Stage(form.stage.data) if form.stage.data else None,
        area_id=int(form.area.data) if form.area.data else None, after=request.args.get("after"),
    )  # fmt: skip
    asked = {name: form[name].data for name in ("search", "stage", "area") if form[name].data}
    return page("volunteers/list_volunteers.html", form=form, people=people, asked=asked, may_decide=may_decide)


@bp.route("/people/<int:volunteer_id>")
@allows(Can.SEE_PEOPLE)
def show_volunteer(volunteer_id: int) -> ResponseReturnValue:
    """One person: who, how to reach them, why they are where they are, and what would move them on."""
    return _summary(_one(volunteer_id), RevealForm(formdata=None))


def _summary(volunteer: Volunteer, form: RevealForm) -> ResponseReturnValue:
    settings = volunteer.scheme.settings
    goes_on = queries.volunteer(volunteer.same_as_id, seen_by=current_user) if volunteer.same_as_id else None
    return page(
        "volunteers/show_volunteer.html", volunteer=volunteer, form=form, reveal_form=form,
        moves=moves_from(volunteer.stage),
        joined=queries.joined_with(volunteer.id), goes_on=goes_on,
        free=availability_in_words(volunteer.availability), may_edit=current_user.may(Can.DECIDE_APPLICATIONS),
        to_train=titles_of(settings.to_train(volunteer.route)) or "Nothing",
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/reveal", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def reveal_volunteer(volunteer_id: int) -> ResponseReturnValue:
    """In an emergency: who a hidden applicant is, once, with a reason that is kept in the record."""
    volunteer = _one(volunteer_id, Can.DECIDE_APPLICATIONS)
    form = RevealForm()
    if form.validate_on_submit():
        services.reveal(volunteer, because=form.because.data, by=current_user)
        reach = " or ".join(filter(None, (phone(volunteer.phone), volunteer.email)))
        flash(f"{volunteer.reference} is {volunteer.name}, {reach}. That you looked is in the record", "warning")
        return redirect(url_for(".show_volunteer", volunteer_id=volunteer.id))
    return _summary(volunteer, form)


@bp.route("/people/<int:volunteer_id>/details", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def edit_volunteer(volunteer_id: int) -> ResponseReturnValue:
    """Staff change somebody's details."""
    volunteer = _one(volunteer_id, Can.DECIDE_APPLICATIONS)
    volunteer.refuse_while_blind()
    form = VolunteerForm(data=_shown(volunteer))
    if form.validate_on_submit() and (found := _change(volunteer, form)) is not None:
        return page("volunteers/edit_volunteer.html", form=form, volunteer=volunteer, **found)
    if form.is_submitted() and not form.errors:
        flash("The details have been changed", "success")
        return redirect(url_for(".show_volunteer", volunteer_id=volunteer.id))
    return page("volunteers/edit_volunteer.html", form=form, volunteer=volunteer)


@bp.route("/my/details", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
def edit_my_details() -> ResponseReturnValue:
    """A volunteer changes their own details."""
    volunteer = _own()
    form = MyDetailsForm(data=_shown(volunteer))
    if form.validate_on_submit() and (found := _change(volunteer, form)) is not None:
        return page("volunteers/edit_my_details.html", form=form, volunteer=volunteer, **found)
    if form.is_submitted() and not form.errors:
        flash("Your details have been changed", "success")
        return redirect(url_for(".edit_my_details"))
    return page("volunteers/edit_my_details.html", form=form, volunteer=volunteer)


def _change(volunteer: Volunteer, form: VolunteerForm | MyDetailsForm) -> dict[str, Any] | None:
    """Save; None when saved, else what the page needs to say why not."""
    try:
        services.change_details(
            volunteer, details=form.details(), reaching=form.reaching(), drawn_from=form.version.data, by=current_user
        )
    except services.ChangedMeanwhile:
        theirs = type(form)(formdata=None, data=_shown(volunteer))
        form.version.raw_data = None
        form.version.data = queries.likeness_of(volunteer)
        return {"status": CONFLICT, "differences": form.differences_from(theirs), "is_error": True}
    except Refused as refused:
        form.refuse(refused.reasons)
        return {"status": UNPROCESSABLE}
    return None


def _shown(volunteer: Volunteer) -> dict[str, Any]:
    return {
        **{name: getattr(volunteer, name) for name in PLAIN},
        **shown_reaching(volunteer),
        **shown_availability(volunteer),
        "version": queries.likeness_of(volunteer),
    }


PLAIN = (
    "name", "known_as", "romanised", "email", "phone", "postcode_area", "access_needs", "may_share_access_needs",
    "emergency_contact",
)  # fmt: skip
