"""Messages over a socket: a length, then that many bytes of the codec's."""

from __future__ import annotations

import socket
import struct
import time
from typing import Any

from course_utils.grading.codec import MAX_BYTES, CodecError, Keeper, encode, refuse
from course_utils.grading.decoding import decode


class Gone(Exception):
    """The other side has closed the connection, or does not keep to the protocol."""


class TooSlow(Exception):
    """The other side did not answer in time."""


class Wire:
    """One end of a connection.

    Parameters
    ----------
    end
        A connected stream socket. It is closed with the wire.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._begun = bytearray()

    def send(self, message: object, keep: Keeper = refuse, deadline: float | None = None) -> None:
        """Send plain data.

        Raises
        ------
        CodecError, Gone, TooSlow
        """
        content = encode(message, keep)
        self._limit(deadline)
        try:
            self._end.sendall(struct.pack("<I", len(content)) + content)
        except TimeoutError:
            raise TooSlow from None
        except OSError:
            raise Gone from None

    def receive(self, deadline: float | None = None) -> Any:
        """Give the next message.

        Parameters
        ----------
        deadline
            When to give up, on the clock of ``time.monotonic``; never unless given. It holds for
            the whole message, however slowly that trickles in.

        Raises
        ------
        Gone
            Also when the message is too long or not well formed: after that, there is no telling
            where the next one would begin.
        TooSlow
            The next call goes on in the middle of the message.
        """
        self._fill(4, deadline)
        (size,) = struct.unpack_from("<I", self._begun)
        if size > MAX_BYTES:
            raise Gone("a message that is too long")
        self._fill(4 + size, deadline)
        content = bytes(self._begun[4:])
        self._begun.clear()
        try:
            return decode(content)
        except CodecError as error:
            raise Gone(str(error)) from error

    def close(self) -> None:
        """Close it; the other side finds it gone."""
        self._end.close()

    def _fill(self, count: int, deadline: float | None) -> None:
        """Read until there are so many bytes of the message, and not one more."""
        while len(self._begun) < count:
            self._limit(deadline)
            try:
                part = self._end.recv(min(count - len(self._begun), 1 << 20))
            except TimeoutError:
                raise TooSlow from None
            except OSError:
                raise Gone from None
            if not part:
                raise Gone("the connection was closed")
            self._begun += part

    def _limit(self, deadline: float | None) -> None:
        if deadline is None:
            self._end.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise TooSlow
        self._end.settimeout(left)
