"""Pages about what a place hangs on."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Can, allows
from portal.conditions import services
from portal.conditions.forms import EmptyForm
from portal.conditions.gates import gates_to_train
from portal.volunteers.journey import Move
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.volunteers.rules import reasons_not_ready
from portal.web.pages import accepted, page

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
    required = volunteer.scheme.settings.to_train(volunteer.route)
    gates = gates_to_train([volunteer])[volunteer.id]
    return page(
        "conditions/confirm_place.html", form=form, volunteer=volunteer,
        gates=[gate for key in required for gate in gates if gate.key == key],
        reasons=reasons_not_ready(gates, required), may_confirm=Move.CONFIRM.leaves(volunteer.stage),
    )  # fmt: skip
