"""Eligibility and DBS checks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from portal import clock
from portal.audit.rules import Actor
from portal.checks.models import DbsCheck, Eligibility, Level, Outcome, Suitability, Workforce
from portal.checks.rules import (
    FreeTest,
    reasons_not_eligible,
    reasons_not_free,
    reasons_not_to_apply,
    reasons_not_to_decide,
    reasons_not_to_see,
    tidy_number,
)
from portal.database import keyring, session
from portal.refusals import Refused
from portal.schemes.models import Scheme
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

OFFERED = {Stage.OFFERED, Stage.READY, Stage.TRAINING, Stage.CERTIFIED, Stage.ACTIVE, Stage.RESTING}
PASSING = {Suitability.SUITABLE, Suitability.SUITABLE_WITH_CONDITIONS}


def decide_eligibility(
    scheme: Scheme, *, role_title: str, level: Level, workforce: Workforce, relied_on: str, by: Actor
) -> Eligibility:
    """Decide which check a role may have, and on which wording. Later decisions stand beside earlier ones."""
    Refused.unless_empty(
        reasons_not_eligible(level=level.value, workforce=workforce.value, role_title=role_title, relied_on=relied_on)
    )
    decided = Eligibility(
        scheme=scheme, role_title=role_title, level=level, workforce=workforce, relied_on=relied_on,
        decided_on=clock.today(), decided_by_id=_worker(by),
    )  # fmt: skip
    session.add(decided)
    session.flush()
    return decided


def apply(
    volunteer: Volunteer, *, eligibility: Eligibility, applied_on: date, application_reference: str,
    free_as_volunteer: bool, by: Actor, statements: Collection[FreeTest] = (), is_trainee: bool = False,
    despite_training: str = "",
) -> DbsCheck:  # fmt: skip
    """Record that a check was applied for, at the level decided for the role.

    A free check is claimed only when every one of the `statements` is confirmed; for a trainee (`is_trainee`) only
    with what the registered body said (`despite_training`).
    """
    session.execute(select(Volunteer.id).where(Volunteer.id == volunteer.id).with_for_update())  # one at a time
    open_checks = session.scalars(select(DbsCheck).where(DbsCheck.volunteer_id == volunteer.id)).all()
    reasons = reasons_not_to_apply(
        applied_on=applied_on,
        today=clock.today(),
        is_offered=volunteer.stage in OFFERED,
        is_same_scheme=eligibility.scheme_id == volunteer.scheme_id,
        has_open_check=any(each.is_open for each in open_checks),
    )
    if free_as_volunteer:
        reasons += reasons_not_free(
            level=eligibility.level.value, statements=statements, is_trainee=is_trainee,
            despite_training=despite_training,
        )  # fmt: skip
    Refused.unless_empty(reasons)
    check = DbsCheck(
        volunteer=volunteer, eligibility=eligibility, level=eligibility.level, workforce=eligibility.workforce,
        applied_on=applied_on, application_reference=application_reference, free_as_volunteer=free_as_volunteer,
        volunteer_declaration_by_id=_worker(by) if free_as_volunteer else None,
        free_despite_training=despite_training if free_as_volunteer and is_trainee else "",
    )  # fmt: skip
    session.add(check)
    session.flush()
    return check


def see_certificate(
    check: DbsCheck, *, number: str, issued_on: date, seen_on: date, outcome: Outcome, by: Actor
) -> None:
    """Record that the original was seen. The number is encrypted; only its last four digits are ever shown."""
    if by.id == check.volunteer.user_id:
        raise Refused("Nobody records their own certificate: another worker must see it")
    number = tidy_number(number)
    number_hash = keyring.hash(f"dbs:{number}")
    another = session.scalar(
        select(DbsCheck.id)
        .join(Volunteer)
        .where(
            DbsCheck.number_hash == number_hash,
            DbsCheck.volunteer_id != check.volunteer_id,
            Volunteer.scheme_id == check.volunteer.scheme_id,
        )
        .limit(1)
    )
    Refused.unless_empty(
        reasons_not_to_see(
            number, issued_on=issued_on, seen_on=seen_on, applied_on=check.applied_on, today=clock.today(),
            is_seen=check.seen_on is not None, is_closed=check.closed_at is not None, is_anothers=another is not None,
        )
    )  # fmt: skip
    check.number, check.number_hash, check.number_last_four = number, number_hash, number[-4:]
    check.issued_on, check.seen_on, check.outcome, check.seen_by_id = issued_on, seen_on, outcome, _worker(by)


def decide(check: DbsCheck, *, decision: Suitability, because: str, conditions: str, by: Actor) -> None:
    """Decide whether somebody is suitable: a person does, never a rule; two people where there is something on it."""
    Refused.unless_empty(
        reasons_not_to_decide(
            decision=decision.value, outcome=check.outcome.value if check.outcome else None, because=because,
            conditions=conditions, is_open=check.is_open, saw_it=check.seen_by_id == by.id,
            is_own=by.id == check.volunteer.user_id,
        )
    )  # fmt: skip
    check.decision, check.because, check.conditions = decision, because, conditions
    check.decided_at, check.decided_by_id = clock.now(), _worker(by)
    if decision in PASSING and check.issued_on:
        check.recheck_due_on = clock.months_after(
            check.issued_on, check.volunteer.scheme.settings.dbs_recheck_after_months
        )


def close(check: DbsCheck, *, because: str, by: Actor) -> None:
    """End a check that will not be decided: returned by the DBS, withdrawn, or applied for by mistake."""
    if not check.is_open:
        raise Refused("This check has been decided or closed already")
    if not because.strip():
        raise Refused("Say why it is closed")
    check.closed_at, check.because = clock.now(), because


def _worker(by: Actor) -> int:
    if by.id is None:
        raise Refused("This is recorded by a worker with an account")
    return by.id
