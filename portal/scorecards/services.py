"""The verbs of a scorecard: save one's own sheet, and let somebody else be the second scorer."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
from portal.audit import services as audit
from portal.database import session
from portal.interviews import messages
from portal.interviews.models import Interview, ScoreSheet
from portal.interviews.queries import is_all_in
from portal.messages.services import queue
from portal.refusals import Refused
from portal.scorecards.rules import reasons_not_to_score


def score(interview: Interview, *, scores: Mapping[str, int], notes: str, strengths: str, by: User) -> ScoreSheet:
    """Save one's own sheet: locked for good, and read by nobody before every scorer's is in."""
    session.execute(select(Interview.id).where(Interview.id == interview.id).with_for_update())
    mine = session.scalar(
        select(ScoreSheet.id).where(ScoreSheet.interview_id == interview.id, ScoreSheet.scorer_id == by.id)
    )
    Refused.unless_empty(
        reasons_not_to_score(
            scores, is_named=by.id in interview.scorer_ids, is_cancelled=interview.cancelled_at is not None,
            is_held=interview.held_at is not None, is_locked=mine is not None, planned_at=interview.planned_at,
            now=clock.now(),
        )
    )  # fmt: skip
    sheet = ScoreSheet(
        interview=interview, scorer=by, scores=dict(scores), notes=notes, strengths=strengths, locked_at=clock.now()
    )
    session.add(sheet)
    session.flush()
    return sheet


def readable_sheets(interview: Interview, *, by: User) -> list[ScoreSheet]:
    """The sheets this person may read: all, once all are in; before that only their own."""
    return [each for each in interview.sheets if is_all_in(interview) or each.scorer_id == by.id]


def replace_second(interview: Interview, second: User | None, *, because: str, by: User) -> None:
    """Somebody else scores beside the interviewer, while nobody's sheet is locked; the reason is in the record."""
    session.execute(select(Interview.id).where(Interview.id == interview.id).with_for_update())
    if interview.held_at is not None or interview.cancelled_at is not None:
        raise Refused("Only an interview that is still open can be given another scorer")
    if session.scalar(select(ScoreSheet.id).where(ScoreSheet.interview_id == interview.id).limit(1)) is not None:
        raise Refused("Scores are locked already, so those who score cannot be changed any more")
    if second is not None and second.id == interview.interviewer_id:
        raise Refused("The second scorer must be somebody else than the interviewer")
    if not because.strip():
        raise Refused("Say why")
    before = tuple(each for each in (interview.second,) if each is not None)
    interview.second = second
    interview.alone_because = because.strip()[:500] if second is None else ""
    interview.sequence += 1
    session.flush()
    audit.did(
        "interview", by=by, row_id=interview.id, scheme_id=interview.volunteer.scheme_id,
        purpose=f"Another second scorer: {because.strip()[:150]}",
    )  # fmt: skip
    for letter in messages.for_interviewers(interview, "changed", also=before):
        queue(letter)
