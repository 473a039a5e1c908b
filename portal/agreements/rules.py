"""Which versions count, whose name is whose, words an agreement should not use, and what changed in it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from portal.volunteers.rules import searchable

NOT_THEIRS = "Type your own name, as you told it us: it can be short, but it has to be yours"
REMINDED_AFTER = (7, 14)
"""Days after somebody was asked to read a version on which they hear of it again, once each."""
LIKE_ENOUGH = 75
AVOIDED = {
    "contract": r"(?<!not a )\bcontract(?!ion)\w*",
    "job": r"\bjobs?\b",
    "payment": r"\b(payments?|pay(?! back)|paid(?! back)|wages?|salary)\b",
    "must": r"\bmust\b",
    "hours required": r"\bhours (required|a week are required)\b|\brequired hours\b",
    "sign": r"\b(sign|signs|signed|signature)\b",
}
"""An agreement is two-way hopes, not a contract: these words could make it read, or count, as one."""


@dataclass(frozen=True)
class Version:
    """What is needed of one version to say which acknowledgements count."""

    id: int
    number: int
    asks_again: bool
    is_withdrawn: bool


@dataclass(frozen=True)
class Standing:
    """The version of one kind as it stands, and every version whose acknowledgement counts for it."""

    latest_id: int
    counted: frozenset[int]


def standing(versions: Sequence[Version]) -> Standing | None:
    """How one kind stands; None when nobody is asked for it. `versions` in any order.

    An earlier version counts as long as every later one only put a mistake right.
    """
    newest_first = sorted(versions, key=lambda version: version.number, reverse=True)
    if not newest_first or newest_first[0].is_withdrawn:
        return None
    counted = set()
    for version in newest_first:
        counted.add(version.id)
        if version.asks_again:
            break
    return Standing(newest_first[0].id, frozenset(counted))


def reasons_not_to_acknowledge(
    *, is_offered: bool, is_latest: bool, is_done: bool, typed_name: str, names: Collection[str] | None = None
) -> list[str]:
    """Why an agreement cannot be acknowledged. `names` are their own, to compare with; None for a paper."""
    reasons = []
    if not is_offered:
        reasons.append("The agreement is for people who have been offered a place")
    if not is_latest:
        reasons.append("There is a newer version of the agreement: read that one")
    if is_done:
        reasons.append("This version has been acknowledged already")
    if not typed_name.strip():
        reasons.append("Type your name")
    elif names is not None and not is_name_of(typed_name, names):
        reasons.append(NOT_THEIRS)
    return reasons


def is_name_of(typed: str, names: Collection[str]) -> bool:
    """Whether somebody typed a name of theirs: one part of it, near enough, is plenty."""
    parts = [part for part in searchable(typed).replace(".", " ").split() if part]
    known = [part for name in names for part in searchable(name).split()]
    return any(part == other or (len(part) > 2 and fuzz.ratio(part, other) >= LIKE_ENOUGH)
               for part in parts for other in known)  # fmt: skip


def words_to_avoid(text: str) -> list[str]:
    """The words in a text that an agreement with volunteers should not use, each once."""
    return [word for word, pattern in AVOIDED.items() if re.search(pattern, text, re.IGNORECASE)]


@dataclass(frozen=True)
class Piece:
    """One paragraph of a comparison: kept, "added" or "removed"."""

    how: str
    words: str


def difference(before: str, after: str) -> list[Piece]:
    """What changed from one text to the next, paragraph by paragraph; what was kept is there too."""
    old, new = (
        [line.strip() for line in text.replace("\r", "").split("\n") if line.strip()] for text in (before, after)
    )
    pieces: list[Piece] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces += [Piece("kept", line) for line in old[a:b]]
        else:
            pieces += [Piece("removed", line) for line in old[a:b]]
            pieces += [Piece("added", line) for line in new[c:d]]
    return pieces
