"""A wire between an app and its database server that can be cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress

from sqlalchemy import make_url


class Relay:
    """Listens on a port of its own and hands everything on to a server."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        with socket.create_server(("127.0.0.1", 0)) as chosen:
            self.port: int = chosen.getsockname()[1]
        self.mend()

    def mend(self) -> None:
        """Take connections again."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        if self._listener is not None:
            _end(self._listener)
            self._listener = None
        self.interrupt()

    def interrupt(self) -> None:
        """Break every connection, as a server does that starts anew."""
        for connection in [*self._open]:
            _end(connection)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self._server)
                for source, target in ((near, far), (far, near)):
                    self._open.add(source)
                    threading.Thread(
                        target=self._copy, args=(source, target), daemon=True
                    ).start()

    def _copy(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        _end(target)
        _end(source)
        self._open.discard(source)


def _end(connection: socket.socket) -> None:
    # Shut down first: closing alone wakes nobody who waits on it.
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextmanager
def relayed(url: str) -> Iterator[tuple[str, Relay]]:
    """The database at *url* behind a relay: its URL there, and the relay."""
    parsed = make_url(url)
    relay = Relay(parsed.host or "127.0.0.1", parsed.port or 0)
    behind = parsed.set(host="127.0.0.1", port=relay.port)
    yield behind.render_as_string(hide_password=False), relay
    relay.cut()
