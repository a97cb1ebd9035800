"""A line to a storage server that can be cut at the worst moment: the commit is done, and nobody is told."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable

LAST_WORD = b"tpc_finish"


class Lossy:
    """Passes everything between a client and ``server``; once armed it swallows the answer to a tpc_finish."""

    def __init__(self, server: tuple[str, int]) -> None:
        self.server = server
        self.armed = threading.Event()
        self.lost = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def lose_the_next_commit(self) -> None:
        self.lost.clear()
        self.armed.set()

    def close(self) -> None:
        for each in (self.listener, *self._open):
            _shut(each)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.server)
            self._open += [client, server]
            line = Line(self, client, server)
            for work in (line.ask, line.answer):
                threading.Thread(target=work, daemon=True).start()


class Line:
    """One connection. ZEO sends frames: four bytes of length, then a message."""

    def __init__(self, lossy: Lossy, client: socket.socket, server: socket.socket) -> None:
        self.lossy = lossy
        self.client = client
        self.server = server
        self.cut = False

    def ask(self) -> None:
        self._pass(self.client, self.server, self._look)

    def answer(self) -> None:
        self._pass(self.server, self.client, self._swallow)

    def _look(self, frame: bytes) -> bool:
        if LAST_WORD in frame and self.lossy.armed.is_set():
            self.lossy.armed.clear()
            self.cut = True
        return True

    def _swallow(self, _frame: bytes) -> bool:
        # The server answers a tpc_finish when the transaction is on its disk: here the line breaks.
        return not self.cut

    def _pass(self, source: socket.socket, target: socket.socket, good: Callable[[bytes], bool]) -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                head = _exactly(source, 4)
                body = _exactly(source, struct.unpack(">I", head)[0])
                if not good(body):
                    self.lossy.lost.set()
                    break
                target.sendall(head + body)
        _shut(self.client)
        _shut(self.server)


def _exactly(source: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        more = source.recv(size - len(found))
        if not more:
            raise EOFError
        found += more
    return found


def _shut(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
