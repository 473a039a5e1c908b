"""Who can say that they cannot come, and until when; and what simple words of a text mean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import phonenumbers

from courses.marks import AbsenceReason

LONGEST_NOTE = 300
LONGEST_TEXT = 2000
JUST_OVER = timedelta(hours=2)
"""A text that comes so soon after a session may be about that one, so a person reads it."""
SOON = timedelta(days=7)
"""Simple words are about the next session only when it is no further away."""
OWN_REASONS = {
    AbsenceReason.ILLNESS: "I am ill",
    AbsenceReason.MEDICAL_APPT: "I have a medical appointment",
    AbsenceReason.PROBATION_OR_COURT: "I have a probation appointment or court",
    AbsenceReason.BEREAVEMENT: "Somebody died, or there is a funeral",
    AbsenceReason.FAMILY_EMERGENCY: "A family emergency",
    AbsenceReason.RELIGIOUS: "It is a religious day",
    AbsenceReason.TRANSPORT: "I have no way to get there",
    AbsenceReason.CARING: "I have to care for somebody",
    AbsenceReason.WORK: "I have to work",
    AbsenceReason.OTHER: "Another reason",
}
"""The reasons as a learner says them. Nobody in custody opens our page: that one is for who rings for them."""


def reasons_not_to_apologise(
    *, is_on_the_course: bool, is_called_off: bool, starts_at: datetime, now: datetime
) -> list[str]:
    """Why an apology cannot be taken any more, or need not be: said to learners and trainers alike."""
    if is_called_off:
        return ["This session does not take place, so there is nothing to tell us"]
    if not is_on_the_course:
        return ["Only somebody who is on the course just now can say that they cannot come"]
    if now >= starts_at:
        return ["This session has begun, so it is too late to tell us here"]
    return []


def first_name(name: str) -> str:
    """The first word of how somebody likes to be called."""
    return (name.split() or [""])[0]


def same_form(number: str) -> str:
    """A phone number in one form, however it is written: +447700900123; "" for what is none.

    A text message service writes 447700900123 for a number of this country, without the plus.
    """
    digits = re.sub(r"\D", "", number)
    typed = f"+{digits}" if digits.startswith("44") and len(digits) == 12 else number
    try:
        parsed = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@dataclass(frozen=True)
class Understood:
    """That a text says "I cannot come", and why when it says so."""

    reason: AbsenceReason | None = None


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_WORDS = 25
# Somebody who writes one of these says more than that they cannot come: a person reads it.
DOUBTFUL = re.compile(
    r"\b(if|but|unless|might|maybe|may be|perhaps|possibly|probably|late|early|leave|last|next|was|were|yesterday"
    r"|week|weeks|after all|any ?more|again|ever|quit|give up|online|zoom|tomorrow morning|until|till|dont know"
    r"|not sure|hopefully|try|trying|better|mondays|tuesdays|wednesdays|thursdays|fridays|both|all|sessions)\b"
)
COME = (
    r"(come|attend|be there|be in|be at|be coming|be attending|get there|get in|get to|be able to|make it"
    r"|make (the |this |to )?(session|class|course|group|training|lesson|today|tonight|tomorrow|meeting))\b"
)
CANNOT = re.compile(
    r"\b((cant|cannot|can not|wont|will not|unable to|not able to|not going to|not gonna)"
    r"( even| now| really| physically| be able to)? " + COME + r"|(not|isnt|aint) (coming|attending|gonna make it)\b)"
)
ILL = re.compile(r"\b(ill|sick|unwell|poorly|not well|being sick|flu|covid)\b")
OF_ANOTHER = re.compile(r"\b(mum|dad|mother|father|son|daughter|kid|kids|child|baby|wife|husband|partner|sister|brother"
                        r"|nan|he|she|his|her|their|friend|dog)\b")  # fmt: skip
MOST_WORDS_WHEN_ILL = 8


def understood(text: str, *, today: date, session_on: date) -> Understood | None:
    """What a text says about the next session, which is on `session_on`; None when a person had better read it.

    A wrong guess marks nobody, but a trainer would expect somebody to be away who comes: so only words that can
    hardly mean anything else are understood, and a day that is named must be that session's.
    """
    if "?" in text:
        return None
    words = _plain(text)
    count = len(words.split())
    if not count or count > MOST_WORDS or DOUBTFUL.search(words) or not _names_only(words, today, session_on):
        return None
    is_own_illness = bool(ILL.search(words)) and not OF_ANOTHER.search(words)
    if CANNOT.search(words):
        return Understood(AbsenceReason.ILLNESS if is_own_illness else None)
    if (
        is_own_illness
        and count <= MOST_WORDS_WHEN_ILL
        and not re.search(r"\b(not|no|isnt|arent|been)\b(?! well)", words)
    ):
        return Understood(AbsenceReason.ILLNESS)
    return None


def _plain(text: str) -> str:
    """Small letters and single spaces: can’t, CAN'T and cant are the same."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    letters = re.sub(r"['’‘`´]", "", letters)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def _names_only(words: str, today: date, day: date) -> bool:
    """Whether every day that is named is this one."""
    named = set(words.split())
    if named & {"today", "tonight", "2day", "2nite"} and day != today:
        return False
    if named & {"tomorrow", "tomoz", "tmrw", "2moro"} and day != today + timedelta(days=1):
        return False
    if re.search(r"\d", words.replace("2day", "").replace("2nite", "").replace("2moro", "")):
        return False  # a date or a time: a person reads it
    return not (named & set(DAYS)) - {DAYS[day.weekday()]}
