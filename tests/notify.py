"""A stand-in for GOV.UK Notify, made from its public documentation: real HTTP on a port of its own, tokens checked."""

from __future__ import annotations

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"test-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


class NotifyStandIn:
    """`with NotifyStandIn() as notify:` listens; `notify.taken` is what came.

    `notify.answer = (429, "RateLimitError", "…")` says no; `notify.loses_answers` takes a text and breaks the line.
    """

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.answer: tuple[int, str, str] | None = None
        self.loses_answers = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(stand_in) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_words: Any) -> None:
                """Say nothing."""

            def do_POST(self) -> None:
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not self._is_let_in() or self._says_no():
                    return
                assert self.path == "/v2/notifications/sms"
                if sent["template_id"] != TEMPLATE:
                    self._say(400, "BadRequestError", "Template not found")
                elif not sent["phone_number"].lstrip("+").isdigit() or len(sent["phone_number"]) < 11:
                    self._say(400, "ValidationError", "phone_number Not enough digits")
                else:
                    kept = {"id": str(uuid.uuid4()), "type": "sms", "status": "sending", **sent}
                    stand_in.taken.append(kept)
                    if stand_in.loses_answers:
                        self.connection.close()
                        return
                    body = {"body": sent["personalisation"]["message"], "from_number": "GOVUK"}
                    self._json(201, {"id": kept["id"], "reference": sent["reference"], "content": body})

            def do_GET(self) -> None:
                if not self._is_let_in() or self._says_no():
                    return
                asked = parse_qs(urlsplit(self.path).query)
                stand_in.asked.append(asked["reference"][0])
                found = [each for each in stand_in.taken if each["reference"] == asked["reference"][0]]
                self._json(200, {"notifications": found, "links": {"current": self.path}})

            def _is_let_in(self) -> bool:
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                try:
                    assert jwt.decode(token, SECRET, algorithms=["HS256"])["iss"] == SERVICE
                except (jwt.InvalidTokenError, AssertionError):
                    self._say(403, "AuthError", "Invalid token: signature, api token is not valid")
                    return False
                return True

            def _says_no(self) -> bool:
                if stand_in.answer:
                    self._say(*stand_in.answer)
                return stand_in.answer is not None

            def _say(self, status: int, error: str, message: str) -> None:
                self._json(status, {"status_code": status, "errors": [{"error": error, "message": message}]})

            def _json(self, status: int, body: Any) -> None:
                said = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

        return Handler
