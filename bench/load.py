"""The visitors: keep-alive connections that ask again as soon as they are answered. A process of its own.

Reads a plan as JSON from standard input and writes what it measured to standard output. Its sockets are read
by hand: the standard library's client costs a fifth of a millisecond a request, a bare page hardly more.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)", re.IGNORECASE)
TURN = b"{turn:09}"
TIMEOUT = 20


class Connection:
    """One keep-alive connection to a loopback port."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = self._open()

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self._port), timeout=TIMEOUT)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Send a request; give the status, the head and the body of the answer as they came over the wire."""
        self._socket.sendall(request)
        head, body = self._until_blank_line()
        found = LENGTH.search(head)
        length = int(found[1]) if found else 0
        while len(body) < length:
            body += self._more()
        if b"\r\nconnection: close" in head.lower():
            self.close()
            self._socket = self._open()
        return int(head[9:12]), head, body

    def _until_blank_line(self) -> tuple[bytes, bytes]:
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        return head, body

    def _more(self) -> bytes:
        part = self._socket.recv(262144)
        if not part:
            raise ConnectionError("the server closed the connection in the middle of an answer")
        return part

    def close(self) -> None:
        """End it."""
        self._socket.close()


@dataclass
class Visitor:
    """One connection's requests, sent in turn; `turn` is written where a request says so, and counts up."""

    requests: list[bytes]
    turn: int = 0
    milliseconds: list[float] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=dict)

    def visit(self, port: int, seconds: float, expected: int) -> None:
        """Ask until time is up."""
        connection = Connection(port)
        until = time.perf_counter() + seconds
        while (began := time.perf_counter()) < until:
            request = self.requests[self.turn % len(self.requests)].replace(TURN, b"%09d" % self.turn)
            status, _, _ = connection.ask(request)
            self.milliseconds.append((time.perf_counter() - began) * 1000)
            self.turn += 1
            if status != expected:
                self.wrong[str(status)] = self.wrong.get(str(status), 0) + 1
        connection.close()


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Let every visitor of the plan ask at the same time; give their times in milliseconds and where each stopped."""
    visitors = [
        Visitor([request.encode("latin-1") for request in each["requests"]], each["turn"]) for each in plan["visitors"]
    ]
    threads = [
        threading.Thread(target=each.visit, args=(plan["port"], plan["seconds"], plan["expected"])) for each in visitors
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    return {
        "seconds": took,
        "milliseconds": [each for visitor in visitors for each in visitor.milliseconds],
        "turns": [visitor.turn for visitor in visitors],
        "wrong": [visitor.wrong for visitor in visitors if visitor.wrong],
    }


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
