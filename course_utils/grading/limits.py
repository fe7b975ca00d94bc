"""How much a submission may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """How much a submission may use.

    Parameters
    ----------
    cell
        Seconds for each cell, and for the calls of each test cell.
    total
        Seconds for the whole submission.
    memory
        Bytes of memory, of all its processes together.
    processes
        Processes and threads.
    files
        Open files in each process.
    file
        Bytes of each file.
    disk
        Bytes in its folder, and as many in its temporary folder. (They are kept in memory.)
    output
        Bytes of output of each cell; the rest is cut off.
    all_outputs
        Bytes of output of all cells together.
    sockets
        Sockets of all its processes together: what waits in them is memory that belongs to none.
    """

    cell: float = 60
    total: float = 600
    memory: int = 3 << 30
    processes: int = 128
    files: int = 512
    file: int = 128 << 20
    disk: int = 256 << 20
    output: int = 4 << 20
    all_outputs: int = 32 << 20
    sockets: int = 300

    def as_dict(self) -> dict[str, float]:
        """Give them as plain data."""
        return asdict(self)
