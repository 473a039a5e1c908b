"""Why a check cannot be applied for, seen or decided, in words; and the test for a free check.

Sources: Police Act 1997 (Criminal Records) Regulations 2002 for the free check of volunteers; the DBS Code of
Practice for handling. Nothing here decides about a person: it only refuses what nobody may do.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from enum import Enum

NUMBER = re.compile(r"[0-9]{12}")


class FreeTest(Enum):
    """What must all be true of a volunteer before a free check may be claimed."""

    UNPAID = "unpaid"
    FOR_OTHERS = "for_others"
    NO_BENEFIT = "no_benefit"
    NO_PLACEMENT = "no_placement"

    @property
    def words(self) -> str:
        """As a statement to tick."""
        return FREE_WORDS[self]


FREE_WORDS = {
    FreeTest.UNPAID: "They are paid nothing but travel and other approved costs",
    FreeTest.FOR_OTHERS: "Their work helps somebody other than, or besides, their close family",
    FreeTest.NO_BENEFIT: "They do not benefit directly from the post themselves",
    FreeTest.NO_PLACEMENT: "They are not on a work placement, nor on a course that requires this post",
}
TRAINEE = (
    "Somebody working towards a qualification that needs this post may have to pay: the DBS can ask for the fee. "
    "Ask the registered body; if it agrees to a free check, write down what it said"
)


def tidy_number(typed: str) -> str:
    """A certificate's number as it is kept: digits only, leading noughts too."""
    return re.sub(r"[\s-]", "", typed)


def reasons_not_eligible(*, level: str, workforce: str, role_title: str, relied_on: str) -> list[str]:
    """Why a decision about a role's check is not whole. `level` and `workforce` are the enums' values."""
    reasons = []
    if not role_title.strip():
        reasons.append("Enter the role")
    if level == "enhanced_barred" and workforce == "other":
        reasons.append("A check of the barred lists is for work with adults, children or both")
    if not relied_on.strip():
        reasons.append("Say which wording of the rules makes this role eligible")
    return reasons


def reasons_not_free(
    *, level: str, statements: Collection[FreeTest], is_trainee: bool, despite_training: str
) -> list[str]:
    """Why a free check cannot be claimed."""
    reasons = []
    if level == "basic":
        reasons.append("A basic check is never free, not even for volunteers")
    missing = [each for each in FreeTest if each not in statements]
    reasons += [f"Not confirmed: {each.words[0].lower()}{each.words[1:]}" for each in missing]
    if is_trainee and not despite_training.strip():
        reasons.append(TRAINEE)
    return reasons


def reasons_not_to_apply(
    *, applied_on: date, today: date, is_offered: bool, is_same_scheme: bool, has_open_check: bool
) -> list[str]:
    """Why a check cannot be applied for."""
    reasons = []
    if not is_offered:
        reasons.append("A DBS check follows an offer: offer a place first (The coordinator)")
    if not is_same_scheme:
        reasons.append("That decision about eligibility belongs to another scheme")
    if has_open_check:
        reasons.append("There is a check under way already: close it first")
    if applied_on > today:
        reasons.append("The day of the application cannot be in the future")
    return reasons


def reasons_not_to_see(
    number: str, *, issued_on: date, seen_on: date, applied_on: date, today: date, is_seen: bool, is_closed: bool,
    is_anothers: bool,
) -> list[str]:  # fmt: skip
    """Why a certificate cannot be recorded as seen."""
    reasons = []
    if is_seen:
        reasons.append("The certificate of this check has been recorded already")
    if is_closed:
        reasons.append("This check was closed")
    if not NUMBER.fullmatch(number):
        reasons.append("The certificate number must be 12 digits, like 001234567890")
    elif is_anothers:
        reasons.append("This number stands on somebody else’s check: look at the certificate again")
    if issued_on > today:
        reasons.append("The date of issue cannot be in the future")
    if issued_on < applied_on:
        reasons.append("The certificate is dated before this check was applied for: see that it is the right one")
    if seen_on > today:
        reasons.append("The day you saw it cannot be in the future")
    if seen_on < issued_on:
        reasons.append("The day you saw it cannot be before the date of issue")
    return reasons


def reasons_not_to_decide(
    *, decision: str, outcome: str | None, because: str, conditions: str, is_open: bool, saw_it: bool, is_own: bool
) -> list[str]:
    """Why suitability cannot be decided like this. `decision` and `outcome` are the enums' values."""
    reasons = []
    if outcome is None:
        reasons.append("The certificate has not been seen yet (The DBS officer)")
    if not is_open:
        reasons.append("This check has been decided or closed already")
    if is_own:
        reasons.append("Nobody decides about themselves")
    if outcome == "barred" and decision != "not_suitable":
        reasons.append("Somebody on a barred list cannot do this work: the only decision is “not suitable”")
    if outcome == "information_disclosed" and saw_it:
        reasons.append("You recorded this certificate: somebody else must decide (Another safeguarding lead)")
    if not because.strip():
        reasons.append("Say why")
    if decision == "suitable_with_conditions" and not conditions.strip():
        reasons.append("Say what the conditions are")
    return reasons
