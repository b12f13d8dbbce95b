"""Mail servers for tests, on this machine only: one that takes mail, and one that takes the connection and says nothing."""

import contextlib
import email
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message


class MailServer:
    """A small SMTP server that keeps what it is given,."""

    def __init__(self, *, seconds_a_mail: float = 0, answers: bool = True) -> None:
        self.seconds_a_mail, self.answers = seconds_a_mail, answers
        self.raw: list[bytes] = []
        self.connections = 0
        self.refuse = ""  # an address whose mail is refused
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def mails(self) -> list[Message]:
        return [email.message_from_bytes(raw) for raw in list(self.raw)]

    @property
    def message_ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]

    def close(self) -> None:
        with contextlib.suppress(OSError):
            # Closing alone would not wake the thread that waits for the next connection.
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self._accepting.join()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.append(connection)
            if self.answers:
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines, contextlib.suppress(OSError):
            # An OSError: the sender has gone.
            self._answer(connection, lines)

    def _answer(self, connection: socket.socket, lines) -> None:
        def say(text: str) -> None:
            connection.sendall(text.encode() + b"\r\n")

        say("220 test")
        for line in iter(lines.readline, b""):
            word = line[:4].upper()
            if word == b"DATA":
                say("354 go on")
                self._take(lines)
                say("250 taken")
            elif word == b"RCPT" and self.refuse and self.refuse.encode() in line:
                say("550 no such mailbox")
            elif word == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 test")

    def _take(self, lines) -> None:
        data = bytearray()
        for line in iter(lines.readline, b".\r\n"):
            if not line:
                return
            data += line
        # Taken first and answered later: a sender that is killed meanwhile does not know that it has gone.
        with self._lock:
            self.raw.append(bytes(data))
        time.sleep(self.seconds_a_mail)


@contextmanager
def mail_server(**how) -> Iterator[MailServer]:
    server = MailServer(**how)
    try:
        yield server
    finally:
        server.close()
