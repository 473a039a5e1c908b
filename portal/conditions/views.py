"""Pages about what a place hangs on."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.conditions import queries, services
from portal.conditions.forms import EmptyForm, TickForm, UntickForm, WaysInForm, in_words, shown_ways
from portal.conditions.gates import gates_to_train
from portal.conditions.rules import newly_asked, ways_in
from portal.decisions.queries import own_conditions
from portal.schemes.queries import scheme as find_scheme
from portal.schemes.rules import titles_of
from portal.schemes.services import change_settings
from portal.volunteers.journey import Move
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.volunteers.rules import reasons_not_ready
from portal.web.pages import CONFLICT, OK, accepted, is_stale, page

bp = Blueprint("conditions", __name__)


def _volunteer(volunteer_id: int) -> Volunteer:
    return find_volunteer(volunteer_id, seen_by=current_user, can=Can.DECIDE_APPLICATIONS) or abort(404)


@bp.route("/people/<int:volunteer_id>/place", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def confirm_place(volunteer_id: int) -> ResponseReturnValue:
    """What is met and what is not, who holds it, and the button when nothing is left."""
    volunteer = _volunteer(volunteer_id)
    form = EmptyForm()
    if form.validate_on_submit() and accepted(form, services.confirm_place, volunteer, by=current_user):
        flash("The place is confirmed", "success")
        return redirect(url_for(".confirm_place", volunteer_id=volunteer.id))
    return _shown(volunteer, form)


def _shown(volunteer: Volunteer, form: EmptyForm, tick_form: TickForm | None = None) -> ResponseReturnValue:
    own = own_conditions(volunteer)
    tick_form = tick_form or TickForm()
    tick_form.conditions.choices = [(each.id, each.words) for each in own if each.met_at is None]
    required = volunteer.scheme.settings.to_train(volunteer.route)
    gates = gates_to_train([volunteer])[volunteer.id]
    return page(
        "conditions/confirm_place.html", form=form, volunteer=volunteer,
        gates=[gate for key in required for gate in gates if gate.key == key],
        reasons=[*reasons_not_ready(gates, required), *(each.words for each in own if each.met_at is None)],
        own=own, tick_form=tick_form, may_confirm=Move.CONFIRM.leaves(volunteer.stage),
    )  # fmt: skip


# The ways in


@bp.route("/schemes/<int:scheme_id>/ways-in", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
def edit_ways_in(scheme_id: int) -> ResponseReturnValue:
    """What each way in asks for before the course; before it is saved, whom that would concern."""
    scheme = find_scheme(scheme_id, seen_by=current_user) or abort(404)
    before = scheme.settings
    form, status, saved = WaysInForm(data=shown_ways(ways_in(before), version=scheme.version)), OK, None
    if form.validate_on_submit():
        after = form.settings(before)
        if is_stale(form, scheme.version):
            status, saved = CONFLICT, in_words(ways_in(before))
        elif "sure" not in request.form:
            people = queries.people_on_the_way(scheme, newly_asked(before, after), seen_by=current_user)
            found = queries.changes(before, after, people, gates_to_train(people))
            return page(
                "conditions/check_ways_in.html", form=form, scheme=scheme, changes=found,
                rows=in_words(ways_in(after)),
            )  # fmt: skip
        elif "change" not in request.form and accepted(form, change_settings, scheme, after, by=current_user):
            flash("The ways in are saved", "success")
            return redirect(url_for("schemes.show_scheme"))
    return page(
        "conditions/edit_ways_in.html", status=status, form=form, scheme=scheme, saved=saved,
        everybody=titles_of(before.gates_to_train) or "Nothing",
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/place/conditions", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def tick_conditions(volunteer_id: int) -> ResponseReturnValue:
    """One or several conditions of the offer are met."""
    volunteer = _volunteer(volunteer_id)
    own = {each.id: each for each in own_conditions(volunteer)}
    form = TickForm()
    form.conditions.choices = [(each.id, each.words) for each in own.values()]
    if form.validate_on_submit() and accepted(
        form, services.tick, [own[each] for each in form.conditions.data], note=form.note.data, by=current_user
    ):
        flash("Saved. They are told what is done, once a day", "success")
        return redirect(url_for(".confirm_place", volunteer_id=volunteer.id))
    return _shown(volunteer, EmptyForm(), form)


@bp.route("/people/<int:volunteer_id>/conditions/<int:condition_id>/untick", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def untick_condition(volunteer_id: int, condition_id: int) -> ResponseReturnValue:
    """It is not met after all."""
    volunteer = _volunteer(volunteer_id)
    condition = next((each for each in own_conditions(volunteer) if each.id == condition_id), None) or abort(404)
    form = UntickForm()
    if form.validate_on_submit() and accepted(
        form, services.untick, condition, because=form.because.data, by=current_user
    ):
        flash("Saved", "success")
        return redirect(url_for(".confirm_place", volunteer_id=volunteer.id))
    return page("conditions/untick_condition.html", form=form, volunteer=volunteer, condition=condition)
