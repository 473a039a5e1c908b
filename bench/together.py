"""Eight trainers on twenty registers at once: whether a mark was lost or doubled, and how many a second."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from bench.data import Filled
from bench.servers import ROOT
from bench.visitors import Browser
from portal.attendance.models import Mark
from portal.audit.models import AuditLine
from portal.database import db, session

AIM_OPENS, AIM_SAVES = 250, 170
MOODLE_ROWS = 73


@dataclass(frozen=True)
class Together:
    """What came of it."""

    seconds: float
    opens: list[float]
    saves: list[float]
    conflicts: int
    changed: int
    lost: int
    """Changes that were accepted and are not in the record as the trainer saw them."""
    overwritten: int
    """Marks that replaced another than the one on the trainer's page, without asking."""
    rows_of_new: int
    people_of_new: int

    def lines(self) -> list[str]:
        """In words."""
        opens, saves = len(self.opens) / self.seconds, len(self.saves) / self.seconds
        return [
            f"Eight trainers opened and saved twenty shared registers for {self.seconds:.0f} s, on PostgreSQL: "
            f"{opens:.0f} opens and {saves:.0f} saves a second at once (opens p50 {_at(self.opens, 9):.0f} ms, p95 "
            f"{_at(self.opens, 18):.0f} ms; saves p50 {_at(self.saves, 9):.0f} ms, p95 {_at(self.saves, 18):.0f} ms).",
            f"{self.changed:,} changes were accepted, {self.lost} of them lost, {self.overwritten} overwritten without "
            f"asking; {self.conflicts:,} saves were answered with both marks.",
            f"Four trainers saved one new register of {self.people_of_new} people at the same instant: "
            f"{self.rows_of_new} marks. Moodle: up to {MOODLE_ROWS} rows for 20 people.",
        ]

    def check(self) -> None:
        """Raise when a promise was broken."""
        if self.lost or self.overwritten or self.rows_of_new != self.people_of_new:
            raise SystemExit("\n".join(["A promise of the register was broken:", *self.lines()]))


def together(app: Flask, port: int, browser: Browser, filled: Filled, *, seconds: float) -> Together:
    """Let them mark, then hold the database to what they were answered."""
    hall = filled.hall
    page = f"/sessions/{hall.registers[0]}/register"
    plan = {
        "port": port, "seconds": seconds,
        "cookies": [browser.open(page, browser.session_of(key))[0] for key in hall.trainers],
        "registers": [{"id": each, "people": people} for each, people in zip(hall.registers, hall.people, strict=True)],
        "new": {"id": hall.new_register, "people": hall.new_people},
    }  # fmt: skip
    with app.app_context():
        since = session.scalar(select(func.max(AuditLine.id))) or 0
        session.remove()
    ran = subprocess.run(
        [sys.executable, "-m", "bench.hall"], input=json.dumps(plan), capture_output=True, text=True, check=False,
        cwd=ROOT, timeout=seconds + 60,
    )  # fmt: skip
    if ran.returncode:
        raise RuntimeError(f"the trainers could not go on:\n{ran.stderr[-2000:]}")
    said: dict[str, Any] = json.loads(ran.stdout)
    if wrong := [each for trainer in said["trainers"] for each in trainer["wrong"]]:
        raise RuntimeError(f"{len(wrong)} wrong answers, the first: {wrong[0]}")
    with app.app_context():
        found = _judged(said, hall.registers, since, hall.new_register, len(hall.new_people))
        session.remove()
        db.engine.dispose()
    return found


def _judged(said: dict[str, Any], registers: Sequence[int], since: int, new: int, people: int) -> Together:
    accepted = Counter(tuple(change) for trainer in said["trainers"] for change in trainer["accepted"])
    recorded: Counter[tuple[Any, ...]] = Counter()
    chains: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for before, after in session.execute(
        select(AuditLine.before, AuditLine.after)
        .where(AuditLine.table_name == "mark", AuditLine.id > since)
        .order_by(AuditLine.id)
    ):
        meeting, who = after["session_id"], after["enrolment_id"]
        if meeting == new:
            continue
        letters = (_mark(before), _mark(after))
        recorded[meeting, who, *letters] += 1
        chains[meeting, who].append(letters)
    kept = {
        (meeting, who): _mark({"code": code.value, "minutes": minutes})
        for meeting, who, code, minutes in session.execute(
            select(Mark.session_id, Mark.enrolment_id, Mark.code, Mark.minutes).where(Mark.session_id.in_(registers))
        )
    }
    return Together(
        said["seconds"], _all(said, "opens"), _all(said, "saves"),
        conflicts=sum(trainer["conflicts"] for trainer in said["trainers"]), changed=accepted.total(),
        # two who want the very same mark agree: it is written once
        lost=sum(count for change, count in (accepted - recorded).items() if not recorded[change]),
        overwritten=(recorded - accepted).total() + sum(_breaks(chain, kept[at]) for at, chain in chains.items()),
        rows_of_new=session.scalar(select(func.count()).where(Mark.session_id == new)) or 0, people_of_new=people,
    )  # fmt: skip


def _breaks(chain: Sequence[tuple[str, str]], kept: str) -> int:
    """How often a mark did not replace the one before it, the mark that is kept being the last."""
    afters = [after for _, after in chain]
    befores = [before for before, _ in chain[1:]]
    return sum(one != other for one, other in zip(afters, [*befores, kept], strict=True))


def _mark(kept: dict[str, Any] | None) -> str:
    return f"{kept['code']}{kept['minutes'] or ''}" if kept else ""


def _all(said: dict[str, Any], name: str) -> list[float]:
    return [each for trainer in said["trainers"] for each in trainer[name]]


def _at(times: Iterable[float], place: int) -> float:
    return quantiles(times, n=20, method="inclusive")[place]
