"""Applicants who send their applications, so many a second whatever the answers take. A process of its own.

Reads a plan as JSON from standard input and writes what each applicant was answered. Each begins at their own moment:
a slow answer does not hold the next one back, and a time counts from the moment at which it was due.
"""

from __future__ import annotations

import json
import queue
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from bench.load import Connection
from bench.visitors import request

SENDERS = 64
LOCATION = re.compile(rb"^location: *([^\r]*)", re.IGNORECASE | re.MULTILINE)


@dataclass
class Answered:
    """What came back, each with the number of the applicant."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: list[tuple[int, int, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, number: int, status: int, where: str, took: float) -> None:
        """One answer."""
        with self.lock:
            self.statuses.append((number, status, where))
            self.milliseconds.append(took * 1000)


def send(port: int, due: queue.SimpleQueue[Any], answered: Answered) -> None:
    """Take the next applicant, wait for their moment, send what they wrote."""
    connection = Connection(port)
    while (one := due.get()) is not None:
        number, at, asked = one
        if (early := at - time.perf_counter()) > 0:
            time.sleep(early)
        status, head, _ = connection.ask(asked)
        took, where = time.perf_counter() - at, LOCATION.search(head)
        answered.note(number, status, where[1].decode() if where else "", took)
    connection.close()


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Everybody sends once; one in ten taps twice at the same moment."""
    due: queue.SimpleQueue[Any] = queue.SimpleQueue()
    answered = Answered()
    began = time.perf_counter() + 0.5
    for number, each in enumerate(plan["applicants"]):
        form = {"csrf_token": each["token"]}
        text = request("/application/check", cookie=each["cookie"], form=form, address=number % 250)
        for _ in range(2 if number % 10 == 0 else 1):
            due.put((number, began + number / plan["rate"], text.encode("latin-1")))
    for _ in range(SENDERS):
        due.put(None)
    threads = [threading.Thread(target=send, args=(plan["port"], due, answered)) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "seconds": time.perf_counter() - began, "milliseconds": answered.milliseconds, "statuses": answered.statuses
    }  # fmt: skip


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
