"""Who may be on the list twice: what two records share, without comparing everybody with everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations

from rapidfuzz import fuzz, process

from portal.volunteers.journey import Move, Stage

ALIKE = 84.0
"""From 0 to 100: "Jon Smith" and "John Smith" are 95, "Mohammed" and "Muhammad Khan" 85, "Ann" and "Amy Jones" 78."""
CROWDED = 200
"""A key shared by more people than this says nothing: the telephone of a hostel, say."""
ORDER = (
    Stage.JOINED, Stage.APPLYING, Stage.WITHDRAWN, Stage.DECLINED, Stage.APPLIED, Stage.INTERVIEWING, Stage.OFFERED,
    Stage.READY, Stage.TRAINING, Stage.CERTIFIED, Stage.LEFT, Stage.RESTING, Stage.ACTIVE,
)  # fmt: skip
CARRIED = {
    "phone": "Phone", "email": "Email", "name": "Name", "known_as": "Likes to be called",
    "romanised": "Name in English letters", "postcode_area": "Postcode area", "availability": "Free",
}  # fmt: skip
"""What the record that goes on may take from the other one."""


@dataclass(frozen=True)
class Known:
    """What is compared of one person. `names` are written as they are searched: small, without accents."""

    id: int
    scheme_id: int
    names: tuple[str, ...]
    phone: str = ""
    email: str = ""
    postcode_area: str = ""
    born_on: date | None = None

    @cached_property
    def sorted_names(self) -> list[str]:
        """Each name with its words in the alphabet's order: sorted once, compared many times."""
        return [" ".join(sorted(name.split())) for name in self.names if name]


def shared(one: Known, other: Known) -> list[str]:
    """What says that these two may be one person, in words; empty when nothing does, or in two schemes."""
    if one.scheme_id != other.scheme_id or one.id == other.id:
        return []
    found = []
    if one.phone and one.phone == other.phone:
        found.append("the same phone number")
    if one.email and one.email == other.email:
        found.append("the same email address")
    places = one.postcode_area and one.postcode_area == other.postcode_area
    births = one.born_on is not None and one.born_on == other.born_on
    if (places or births) and likeness_of_names(one, other) >= ALIKE:
        found.append("a similar name")
        found += ["the same postcode area"] if places else []
        found += ["the same date of birth"] if births else []
    return found


def likeness_of_names(one: Known, other: Known) -> float:
    """How alike two people's names are, whatever the order of the words: the best of all their names, 0 to 100."""
    return max((fuzz.ratio(a, b) for a in one.sorted_names for b in other.sorted_names), default=0.0)


def pairs(
    people: Iterable[Known], judged: Collection[tuple[int, int]] = (), *, about: Collection[int] | None = None
) -> Iterator[tuple[Known, Known, list[str]]]:
    """Everybody who may be somebody else, each pair once, the older record first; never those judged before.

    With `about`, only pairs in which one of these people is.

    Only people under one key are compared: a phone number, an e-mail address, a birth date, or a postcode area with
    the two first letters of a word of the name.
    """
    under: dict[tuple[object, ...], list[Known]] = defaultdict(list)
    known = list(people)
    wanted = None if about is None else {key for person in known if person.id in about for key in _keys(person)}
    for person in known:
        for key in set(_keys(person)):
            if wanted is None or key in wanted:
                under[key].append(person)
    seen = {(min(pair), max(pair)) for pair in judged}
    for key, group in under.items():
        if len(group) > CROWDED:
            continue
        for a, b in (_alike if key[1] in {"name", "born"} else _each_other)(group, about):
            one, other = (a, b) if a.id < b.id else (b, a)
            if (one.id, other.id) in seen:
                continue
            seen.add((one.id, other.id))
            if what := shared(one, other):
                yield one, other, what


def _each_other(group: list[Known], about: Collection[int] | None) -> Iterator[tuple[Known, Known]]:
    """Everybody with everybody else; with `about`, these people with everybody else."""
    if about is None:
        yield from combinations(group, 2)
        return
    yield from ((one, other) for one in group if one.id in about for other in group if one is not other)


def _alike(group: list[Known], about: Collection[int] | None) -> Iterator[tuple[Known, Known]]:
    """The same, but only people with similar names: one call of the library looks through the names of all."""
    named = [(person, name) for person in group for name in person.sorted_names]
    names = [name for _, name in named]
    for person, name in named:
        if about is None or person.id in about:
            for _, _, place in process.extract(name, names, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None):
                if (other := named[place][0]) is not person:
                    yield person, other


def _keys(person: Known) -> Iterator[tuple[object, ...]]:
    if person.phone:
        yield person.scheme_id, "phone", person.phone
    if person.email:
        yield person.scheme_id, "email", person.email
    if person.born_on:
        yield person.scheme_id, "born", person.born_on
    if person.postcode_area:
        for name in person.names:
            for word in name.split():
                yield person.scheme_id, "name", person.postcode_area, word[:2]


def reasons_not_to_join(kept: Stage, other: Stage) -> list[str]:
    """Why `kept` cannot go on for both. Empty means that it can."""
    if kept is Stage.JOINED:
        return ["The record that goes on was itself joined with another one. Choose that one"]
    if not Move.JOIN.leaves(other):
        return [f"The other record cannot end here: that person is {other.words.to_staff}. Leave both as they are"]
    if ORDER.index(other) > ORDER.index(kept):
        return ["The record that is further along must go on. Choose it the other way round"]
    return []
