"""When a criterion may be decided, what the IQA must sample, and when a learner's work is released."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.refusals import Refused

JUDGEMENTS = ("valid", "authentic", "current", "sufficient")


class DecidedMeanwhile(Refused):
    """Somebody else decided the same thing since the page was drawn."""


@dataclass(frozen=True)
class Attempt:
    """What an assessor wants to decide about one criterion. `evidence_type` is empty when none was chosen."""

    state: str
    evidence_type: str
    evidence: str
    feedback: str
    because: str = ""


def reasons_not_to_decide(
    attempt: Attempt, *, is_known: bool, is_learning: bool, is_own_work: bool, was_agreed: bool
) -> list[str]:
    """Why this cannot be decided now. `was_agreed`: the IQA has agreed the unit as it stands."""
    if not is_known:
        return ["This course has no such criterion"]
    if not is_learning:
        return ["This learner is no longer on the course, so nothing more can be decided"]
    reasons = ["Nobody decides about their own work"] if is_own_work else []
    if attempt.state not in {"met", "not_yet_met"}:
        reasons.append("Choose “met” or “not yet met”")
    if attempt.state == "met" and not (attempt.evidence_type and attempt.evidence.strip()):
        reasons.append("Say which evidence shows it, and where it is")
    if not attempt.feedback.strip():
        reasons.append("Write feedback for the learner")
    if was_agreed and not attempt.because.strip():
        reasons.append("The IQA has agreed this unit: say why you are opening it again")
    return reasons


def reasons_not_to_sample(
    *, is_known: bool, decided: int, criteria: int, assessors: Collection[int], iqa_id: int, is_own_work: bool
) -> list[str]:
    """Why this person may not sample this unit of this learner; `assessors` decided its criteria."""
    if not is_known:
        return ["This course has no such unit"]
    reasons = ["Nobody samples their own work"] if is_own_work else []
    if iqa_id in assessors:
        reasons.append("You decided criteria of this unit yourself: another IQA must sample it")
    if decided < criteria:
        reasons.append(f"Only {decided} of {criteria} criteria of this unit have been decided")
    return reasons


def reasons_not_to_find(*, agrees: bool, judgements: Sequence[bool], feedback: str) -> list[str]:
    """Why a sample cannot be decided like this: agreeing means all four, asking for action means saying which."""
    reasons = []
    if agrees and not all(judgements):
        missing = [word for word, is_so in zip(JUDGEMENTS, judgements, strict=True) if not is_so]
        reasons.append(f"You can agree only when the evidence is {' and '.join(missing)} too")
    if not feedback.strip():
        reasons.append("Write feedback for the assessor" if agrees else "Say what the assessor must do")
    return reasons


# What is sampled


def sample_size(learners: int, percent: int) -> int:
    """How many learners of a group must be sampled: `percent` of them, rounded up."""
    return -(-learners * percent // 100)


@dataclass(frozen=True)
class Decided:
    """Whose decisions there are for one unit of one learner, once all of its criteria are decided."""

    enrolment_id: int
    unit: str
    assessors: frozenset[int]


def suggested(
    ready: Sequence[Decided], *, percent: int, sampled: Collection[tuple[int, str]], iqa_id: int
) -> list[tuple[int, str]]:
    """Units to sample, as (enrolment, unit): of each assessor at least `percent` of their learners, the units in turn.

    The same group gives the same suggestion every time, whoever asks, so that nobody picks easy work; units that the
    IQA decided themselves are left out. Work that was sampled already counts.
    """
    by_assessor: dict[int, dict[int, list[Decided]]] = defaultdict(lambda: defaultdict(list))
    for each in ready:
        for assessor in each.assessors:
            by_assessor[assessor][each.enrolment_id].append(each)
    chosen: list[tuple[int, str]] = []
    for turn, assessor in enumerate(sorted(by_assessor)):
        learners = by_assessor[assessor]
        taken = {who for who, unit in (*sampled, *chosen) if any(each.unit == unit for each in learners.get(who, ()))}
        missing = sample_size(len(learners), percent) - len(taken)
        for who in sorted(learners.keys() - taken, key=_shuffled):
            units = sorted(each.unit for each in learners[who] if iqa_id not in each.assessors)
            if missing <= 0:
                break
            if units:
                chosen.append((who, units[(turn + missing) % len(units)]))
                missing -= 1
    return chosen


def _shuffled(enrolment_id: int) -> str:
    return hashlib.blake2s(str(enrolment_id).encode(), digest_size=8).hexdigest()


# When work is released


@dataclass(frozen=True)
class Sample:
    """How far one sample is: decided or not, agreed, its action closed."""

    enrolment_id: int
    unit: str
    is_decided: bool
    is_agreed: bool
    is_closed: bool

    @property
    def is_settled(self) -> bool:
        """Agreed, or the action that was asked for is done."""
        return self.is_agreed or self.is_closed

    @property
    def is_open_action(self) -> bool:
        """The IQA asked for something that is not done yet."""
        return self.is_decided and not self.is_settled


@dataclass(frozen=True)
class Release:
    """Whether the quality check lets a learner's work through, why, and whether the IQA or the assessor is next."""

    is_released: bool
    why: str
    has_action: bool = False


def release(
    enrolment_id: int, *, samples: Sequence[Sample], learners: int, percent: int, units: Collection[str]
) -> Release:
    """Whether a learner's work is released. `samples` are those of the whole group, `learners` how many it has.

    It is released when no sample of this learner is open, and either enough learners of the group have a settled
    sample (`percent` of them, rounded up), or every unit of this learner was sampled and settled.
    """
    own = [each for each in samples if each.enrolment_id == enrolment_id]
    if action := [each.unit for each in own if each.is_open_action]:
        return Release(False, f"action asked for in {_list(action)}", has_action=True)
    if open_units := [each.unit for each in own if not each.is_settled]:
        return Release(False, f"{_list(open_units)} chosen for sampling, not looked at yet")
    if units and set(units) <= {each.unit for each in own}:
        return Release(True, "every unit sampled and agreed")
    done = len({each.enrolment_id for each in samples if each.is_settled})
    needed = sample_size(learners, percent)
    words = f"{done} {'learner' if done == 1 else 'learners'} of the group sampled, {needed} needed"
    return Release(done >= needed, words)


def _list(units: Sequence[str]) -> str:
    return " and ".join(sorted(units))


# What a page shows


def tally(states: Mapping[str, str], keys: Sequence[str]) -> dict[str, int]:
    """How many of these criteria are met, not yet met, and still to decide."""
    found = list(_states(states, keys))
    met, not_yet = found.count("met"), found.count("not_yet_met")
    return {"met": met, "not_yet_met": not_yet, "to_decide": len(keys) - met - not_yet, "all": len(keys)}


def _states(states: Mapping[str, str], keys: Sequence[str]) -> Iterator[str]:
    return (states.get(key, "not_started") for key in keys)
