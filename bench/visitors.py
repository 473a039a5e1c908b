"""The portal as somebody signed in asks for it: requests as a browser writes them, with cookies and tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from bench.load import TURN, Connection

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
COOKIE = re.compile(r"^set-cookie: *([^;\r]+)", re.IGNORECASE | re.MULTILINE)
OK, FOUND = 200, 302
ENCODINGS = "gzip, deflate, br, zstd"


@dataclass
class Asked:
    """The requests of each visitor in turn, the status every answer must have, and where each visitor's turns begin."""

    visitors: list[list[str]]
    expected: int = OK
    turns: list[int] | None = None


def request(
    path: str, *, cookie: str = "", form: Mapping[str, object] | None = None, encodings: str = "", address: int = 1
) -> str:
    """A request as it goes over the wire. A field whose value is `TURN` carries the number of the turn."""
    lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"X-Bench-Address: 192.0.2.{address}"]
    lines += [f"Cookie: {cookie}"] * bool(cookie) + [f"Accept-Encoding: {encodings}"] * bool(encodings)
    body = ""
    if form is not None:
        # nine digits stand where the nine letters of the mark stood, so the length holds
        body = urlencode(form).replace(urlencode({"": TURN})[1:], TURN.decode())
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines) + "\r\n\r\n" + body


class Browser:
    """Opens the portal's pages on one port. `session_of` writes the cookie of a user's session that began just now."""

    def __init__(self, port: int, session_of: Callable[[str], str]) -> None:
        self.port, self.session_of = port, session_of

    def send(self, text: str, expected: int = OK) -> tuple[str, bytes]:
        """Send one request on a connection of its own; the head and body of the answer. Raises on another status."""
        connection = Connection(self.port)
        status, head, body = connection.ask(text.encode("latin-1"))
        connection.close()
        if status != expected:
            raise RuntimeError(f"{text.splitlines()[0]} answered {status}, not {expected}:\n{body[:2000]!r}")
        return head.decode("latin-1"), body

    def open(self, path: str, cookie: str = "", *, address: int = 1) -> tuple[str, str]:
        """Open a page: the cookie it leaves, and the token of its forms."""
        head, body = self.send(request(path, cookie=cookie, address=address))
        found, token = COOKIE.search(head), TOKEN.search(body.decode())
        return found[1] if found else cookie, unescape(token[1]) if token else ""

    def reading(self, path: str, key: str, visitors: int) -> Asked:
        """Visitors who all open the same page, signed in as the user of this key."""
        cookie, _ = self.open(path, self.session_of(key))
        return Asked([[request(path, cookie=cookie, encodings=ENCODINGS)] for _ in range(visitors)])

    def at_password(self, email: str, address: int) -> tuple[str, str]:
        """Type an address on the sign-in page: the cookie and token with which the password is then posted."""
        cookie, token = self.open("/sign-in", address=address)
        form = {"csrf_token": token, "email": email}
        head, _ = self.send(request("/sign-in", cookie=cookie, form=form, address=address), FOUND)
        found = COOKIE.search(head)
        return self.open("/sign-in/password", found[1] if found else cookie, address=address)
