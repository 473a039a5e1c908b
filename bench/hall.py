"""Trainers who share registers: each opens one, marks some people and saves, again and again. A process of its own.

Reads a plan as JSON from standard input, and writes what each trainer did and what they were answered: every change
that was accepted with the mark it replaced, and every one that was answered with both marks. `bench.together` then
holds the database to it.
"""

from __future__ import annotations

import json
import random
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from bench.load import Connection
from bench.visitors import ENCODINGS, TOKEN, request

OK, FOUND, CONFLICT = 200, 302, 409
VERSION = re.compile(rb'name="version" value="(\d+)"')
SEEN = re.compile(rb'name="was-(\d+)" value="([^"]*)"')
CHECKED = re.compile(rb'name="code-(\d+)"[^>]* value="([A-Z])" checked')
MINUTES = re.compile(rb'name="minutes-(\d+)"[^>]* value="(\d+)"')
ASKED = re.compile(rb'name="ask-(\d+)"')
LONGEST = 119
"""Minutes late; every mark here is a late one, so that two trainers hardly ever want the same."""


@dataclass
class Trainer:
    """One of those who mark. The first person of a register belongs to all of them, the others each to one."""

    number: int
    of: int
    cookie: str
    chance: random.Random
    accepted: list[tuple[int, int, str, str]] = field(default_factory=list)
    """Register, person, the mark seen before, the mark saved: "L17" is seventeen minutes late, "" none."""
    conflicts: int = 0
    wrong: list[str] = field(default_factory=list)
    opens: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)

    def mark(self, port: int, registers: list[dict[str, Any]], until: float) -> None:
        """Go from register to register until time is up."""
        connection = Connection(port)
        while time.perf_counter() < until:
            each = self.chance.choice(registers)
            path = f"/sessions/{each['id']}/register"
            page = self._timed(connection, self.opens, path, None)
            if page is None:
                continue
            minutes = dict(MINUTES.findall(page))
            before = {int(who): (letter + minutes.get(who, b"")).decode() for who, letter in CHECKED.findall(page)}
            changes = self._changes(each["people"])
            form = self._form(page, before | changes)
            self._save(connection, each["id"], path, form, before, changes)
        connection.close()

    def _changes(self, people: list[int]) -> dict[int, str]:
        own = [who for place, who in enumerate(people) if place and place % self.of == self.number]
        chosen = own + people[:1] * (self.chance.random() < 0.5)
        return {who: f"L{self.chance.randint(1, LONGEST)}" for who in chosen}

    def _form(self, page: bytes, codes: dict[int, str]) -> dict[str, object]:
        version = VERSION.search(page)
        token = TOKEN.search(page.decode())
        assert version, "a register says which version it is"
        assert token, "a register has a token"
        form: dict[str, object] = {"csrf_token": token[1], "version": version[1].decode(), "do": "save"}
        for who, seen in SEEN.findall(page):
            number = int(who)
            code = codes.get(number, "")
            form |= {f"was-{number}": seen.decode(), f"code-{number}": code[:1], f"minutes-{number}": code[1:]}
            form |= {f"reason-{number}": "", f"note-{number}": ""}
        return form

    def _save(
        self, connection: Connection, register: int, path: str, form: dict[str, object], before: dict[int, str],
        changes: dict[int, str],
    ) -> None:  # fmt: skip
        page = self._timed(connection, self.saves, path, form)
        if page is None:
            return
        if asked := {int(who) for who in ASKED.findall(page)}:
            self.conflicts += 1
            if not asked <= set(changes):
                self.wrong.append(f"asked about people nobody touched: {asked - set(changes)}")
            return
        self.accepted += [
            (register, who, before.get(who, ""), mark) for who, mark in changes.items() if mark != before.get(who)
        ]

    def _timed(
        self, connection: Connection, times: list[float], path: str, form: dict[str, object] | None
    ) -> bytes | None:
        text = request(path, cookie=self.cookie, form=form, encodings="" if form is None else ENCODINGS)
        if form is not None:
            text = text.replace(f"Accept-Encoding: {ENCODINGS}\r\n", "")  # a page with both marks is read here
        began = time.perf_counter()
        status, _, body = connection.ask(text.encode("latin-1"))
        times.append((time.perf_counter() - began) * 1000)
        if status not in ((OK,) if form is None else (FOUND, CONFLICT)):
            self.wrong.append(f"{'POST' if form else 'GET'} answered {status}")
            return None
        return body


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Let all trainers mark for so many seconds, then four of them save one new register at the same instant."""
    cookies = plan["cookies"]
    trainers = [Trainer(n, len(cookies), cookie, random.Random(n)) for n, cookie in enumerate(cookies)]
    began = time.perf_counter()
    _together([(each.mark, (plan["port"], plan["registers"], began + plan["seconds"])) for each in trainers])
    took = time.perf_counter() - began
    return {
        "seconds": took, "new": _new_register(plan, trainers[:4]),
        "trainers": [
            {name: getattr(each, name) for name in ("accepted", "conflicts", "wrong", "opens", "saves")}
            for each in trainers
        ],
    }  # fmt: skip


def _new_register(plan: dict[str, Any], trainers: list[Trainer]) -> list[int]:
    """What each of some trainers was answered who all save the same empty register with everybody present."""
    path, answers = f"/sessions/{plan['new']['id']}/register", []
    gate = threading.Barrier(len(trainers))

    def save(trainer: Trainer) -> None:
        connection = Connection(plan["port"])
        _, _, page = connection.ask(request(path, cookie=trainer.cookie).encode("latin-1"))
        form = trainer._form(page, dict.fromkeys(plan["new"]["people"], "P"))
        gate.wait(20)
        status, _, _ = connection.ask(request(path, cookie=trainer.cookie, form=form).encode("latin-1"))
        answers.append(status)
        connection.close()

    _together([(save, (each,)) for each in trainers])
    return answers


def _together(work: list[tuple[Any, tuple[Any, ...]]]) -> None:
    threads = [threading.Thread(target=do, args=given) for do, given in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
