"""Runs of visitors, the best of three, and what one answer was made of."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from statistics import median, quantiles
from typing import Any

from bench.load import TURN, Connection
from bench.servers import ROOT
from bench.visitors import Asked, Browser, request

NOTE = re.compile(r"^x-bench: *(\d+) ([\d.]+) ([\d.]+) ([\d.]+)", re.IGNORECASE | re.MULTILINE)
PARTS = re.compile(r'(?:href|src|data-components)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Times:
    """Answers a second of many visitors, and milliseconds for the middle and the slowest in twenty."""

    rate: float
    p50: float
    p95: float
    alone: float
    """The middle for one visitor who has the servers to themselves."""


@dataclass(frozen=True)
class MadeOf:
    """Statements of one page; milliseconds until they were answered; milliseconds of processor, template and all."""

    statements: int
    database: float
    template: float
    processor: float


@dataclass(frozen=True)
class Cold:
    """What a browser that was never here fetches for one page."""

    requests: int
    html: int
    whole: int


def measured(port: int, asked: Asked, *, runs: int, seconds: float) -> Times:
    """The best of some runs with all visitors, and the best of some with one; every answer must be the right one."""
    many = [_run(port, asked, seconds) for _ in range(runs)]
    one = replace(asked, visitors=asked.visitors[:1], turns=asked.turns[:1] if asked.turns else None)
    alone = []
    for _ in range(runs):
        alone.append(_run(port, one, seconds / 2))
        if asked.turns and one.turns:
            asked.turns[0] = one.turns[0]
    best = max(many, key=lambda run: len(run["milliseconds"]) / run["seconds"])
    middle, slow = _middle_and_slow(best["milliseconds"])
    return Times(
        len(best["milliseconds"]) / best["seconds"], middle, slow,
        min(_middle_and_slow(run["milliseconds"])[0] for run in alone),
    )  # fmt: skip


def _run(port: int, asked: Asked, seconds: float) -> dict[str, Any]:
    turns = asked.turns or [0] * len(asked.visitors)
    plan = {
        "port": port, "seconds": seconds, "expected": asked.expected,
        "visitors": [{"requests": each, "turn": turn} for each, turn in zip(asked.visitors, turns, strict=True)],
    }  # fmt: skip
    answered = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=json.dumps(plan), capture_output=True, text=True, check=False,
        cwd=ROOT, timeout=seconds + 30,
    )  # fmt: skip
    if answered.returncode:
        raise RuntimeError(f"the visitors could not go on:\n{answered.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(answered.stdout)
    if result["wrong"]:
        raise RuntimeError(f"answers other than {asked.expected}: {result['wrong']}")
    if asked.turns:
        asked.turns[:] = result["turns"]
    return result


def _middle_and_slow(milliseconds: list[float]) -> tuple[float, float]:
    if len(milliseconds) < 2:
        return milliseconds[0], milliseconds[0]
    cuts = quantiles(milliseconds, n=20, method="inclusive")
    return cuts[9], cuts[18]


def made_of(port: int, asked: Asked, *, times: int) -> MadeOf:
    """What the portal notes on its answers, asked one after the other; statements of the last, medians of the rest."""
    connection, turn, notes = Connection(port), asked.turns[0] if asked.turns else 0, []
    for _ in range(times):
        requests = asked.visitors[0]
        text = requests[turn % len(requests)].encode("latin-1").replace(TURN, b"%09d" % turn)
        _, head, _ = connection.ask(text)
        turn += 1
        if found := NOTE.search(head.decode("latin-1")):
            notes.append([float(each) for each in found.groups()])
    connection.close()
    if asked.turns:
        asked.turns[0] = turn
    database, template, processor = (median(note[n] for note in notes) for n in (1, 2, 3))
    return MadeOf(int(notes[-1][0]), database, template, processor)


def cold(browser: Browser, path: str, key: str, encodings: str) -> Cold:
    """Fetch a page and each file it names once, and count every byte of the answers, heads too."""
    cookie, _ = browser.open(path, browser.session_of(key))
    _, plain = browser.send(request(path, cookie=cookie))
    asked = [path, *sorted(set(PARTS.findall(plain.decode())))]
    sizes = []
    for each in asked:
        head, body = browser.send(request(each.replace("&amp;", "&"), cookie=cookie, encodings=encodings))
        sizes.append(len(head) + len("\r\n\r\n") + len(body))
    return Cold(len(asked), sizes[0], sum(sizes))
