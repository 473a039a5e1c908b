"""A real mail server for tests: it listens on a port of its own, takes what is sent, and keeps it."""

from __future__ import annotations

import asyncio
import datetime
import email
import ipaddress
import ssl
import threading
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DEADLINE = 60  # seconds: this machine may be busy with other tests


class MailSink:
    """`with MailSink() as sink:` listens; `sink.received` is what came, in order; `sink.refuse = "550 no"` says no."""

    def __init__(self, **server: Any) -> None:
        self.received: list[EmailMessage] = []
        self.refuse: str | None = None
        self.users: list[str] = []
        self._server = server
        self._came = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    def url(self, scheme: str = "smtp", who: str = "") -> str:
        """What SMTP_URL is for this server."""
        return f"{scheme}://{who}127.0.0.1:{self.port}"

    def wait_for(self, number: int) -> None:
        """Until so many messages have come."""
        with self._came:
            came = self._came.wait_for(lambda: len(self.received) >= number, DEADLINE)
        assert came, f"{len(self.received)} messages came, not {number}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the name is aiosmtpd's
        if self.refuse:
            return self.refuse
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        with self._came:
            self.received.append(message)
            self._came.notify_all()
        return "250 taken"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._listening.wait(DEADLINE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(DEADLINE)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        secure = self._server.pop("secure", None)
        factory = self._loop.create_server(
            lambda: SMTP(self, loop=self._loop, hostname="test", **self._server), "127.0.0.1", self.port, ssl=secure
        )
        server = self._loop.run_until_complete(factory)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def check(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, who: Any) -> AuthResult:
        """Who signs in, as aiosmtpd asks."""
        self.users.append(f"{who.login.decode()}:{who.password.decode()}")
        return AuthResult(success=who.password == b"p@ss word")


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """TLS for 127.0.0.1 with a certificate made just now, and the file that says to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    trusted, both = folder / "trusted.pem", folder / "server.pem"
    trusted.write_bytes(pem)
    both.write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, trusted
