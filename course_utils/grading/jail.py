"""What a process gives up for good before it runs what a learner wrote. Linux only.

The zygote is in a bubblewrap already, without network and with a read-only system. For each
submission a fork of it goes one step further: namespaces of its own inside of those, fresh
temporary folders over everything that can be written, no capability, limits, and no system call
that programs of this course have no use for.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import socket
import struct
from itertools import chain
from pathlib import Path
from typing import Any

from course_utils.grading.limits import Limits

WORK, HOME, SHARED = "/submission", "/home/learner", "/dev/shm"
# Nothing in /proc but these: no process to look at, no setting to change.
_PROC_FILES = ("cpuinfo", "meminfo", "stat", "loadavg", "uptime", "version", "filesystems")

_libc = ctypes.CDLL(None, use_errno=True)

_CLONE_NAMESPACES = {
    "mount": 0x00020000,
    "host name": 0x04000000,
    "IPC": 0x08000000,
    "user": 0x10000000,
    "process": 0x20000000,
    "network": 0x40000000,
    "control group": 0x02000000,
}
_MS_NOSUID, _MS_NODEV, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 4096, 16384, 1 << 18
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 24, 38
NOBODY = 65534


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def set_dumpable(dumpable: bool) -> None:
    """Say whether processes of the same user may look into this one's memory."""
    _libc.prctl(_PR_SET_DUMPABLE, int(dumpable), 0, 0, 0)


def die_with_parent(signal: int) -> None:
    """Let the kernel send this process a signal when its parent ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0)


def stop_being_root() -> None:
    """Become nobody, where the grader is root: root is exempt from limits on processes."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def enter_namespaces(limits: Limits, temporary: str) -> None:
    """Give this process namespaces of its own; its next child is number 1 in them.

    Parameters
    ----------
    limits
        Sizes of the folders that can be written.
    temporary
        Where the one for temporary files is.

    Raises
    ------
    OSError
        Where the kernel does not permit it.
    """
    uid, gid = os.getuid(), os.getgid()
    set_dumpable(True)  # otherwise the files below belong to root
    _call("unshare", sum(_CLONE_NAMESPACES.values()))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    _tmpfs("/proc", 1 << 16)
    for name in _PROC_FILES:
        _copy_text(proc, name)
    os.close(proc)
    # scikit-learn asks here which libraries are loaded, and fails where there is no answer.
    Path("/proc/self").mkdir()
    Path("/proc/self/maps").touch()
    for folder, size in (
        (WORK, limits.disk),
        (temporary, limits.disk),
        (HOME, limits.disk // 8),
        (SHARED, limits.disk // 4),
    ):
        _tmpfs(folder, size)


def _copy_text(proc: int, name: str) -> None:
    file = os.open(name, os.O_RDONLY, dir_fd=proc)
    try:
        Path("/proc", name).write_bytes(os.read(file, 8192))
    finally:
        os.close(file)


def _tmpfs(folder: str, size: int) -> None:
    options = f"size={size},nr_inodes=20000,mode=0755".encode()
    _call("mount", b"tmpfs", folder.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, options)


def be_the_first_to_go(processes: int) -> None:
    """Have the kernel end this process and its children before any other when memory runs out.

    Parameters
    ----------
    processes
        A descriptor of ``/proc``.
    """
    file = os.open("self/oom_score_adj", os.O_WRONLY, dir_fd=processes)
    try:
        os.write(file, b"900")
    finally:
        os.close(file)


def memory_in_use() -> int:
    """Give the bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def give_up_privileges() -> None:
    """Drop every capability, and the way to system calls that nobody here needs, for good."""
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for capability in range(64):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = struct.pack("<Ii", 0x20080522, 0)
    _call("capset", header, bytes(24))
    _refuse_system_calls()


def set_limits(limits: Limits, in_use: int) -> None:
    """Set the limits that the kernel keeps for each process.

    Parameters
    ----------
    limits
        Memory is what it may use beyond ``in_use``.
    in_use
        See `memory_in_use`.
    """
    for kind, value in (
        (resource.RLIMIT_AS, in_use + limits.memory),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_CPU, int(limits.total) + 10),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 1 << 16),
    ):
        resource.setrlimit(kind, (value, value))


# ---- system calls --------------------------------------------------------------------------------

# What makes namespaces, mounts, memory that no limit counts, keys, traces of other processes, or
# reaches parts of the kernel that were often broken. Numbers: the kernel's unistd.h.
_REFUSED: dict[str, tuple[Any, ...]] = {
    "x86_64": (
        0xC000003E,
        41,  # socket: of the usual families only; a virtual machine's host has another
        56,  # clone: refused with namespace flags only
        435,  # clone3: its flags cannot be read here; libraries fall back to clone
        # unshare setns mount umount2 pivot_root chroot, the new mount calls, memfd_create
        (272, 308, 165, 166, 155, 161, 428, 429, 430, 431, 432, 433, 442, 319, 447),
        # shmget shmat shmctl msgget msgsnd semget mq_open keyctl add_key request_key
        (29, 30, 31, 68, 69, 64, 240, 250, 248, 249),
        # ptrace process_vm_readv/writev kcmp pidfd_getfd bpf perf_event_open userfaultfd io_uring
        (101, 310, 311, 312, 438, 321, 298, 323, 425, 426, 427),
        # open_by_handle_at modules kexec reboot swapon acct syslog clocks sched_setaffinity
        (304, 175, 313, 246, 169, 167, 163, 103, 227, 164, 203),
    ),
    "aarch64": (
        0xC00000B7,
        198,
        220,
        435,
        (97, 268, 40, 39, 41, 51, 428, 429, 430, 431, 432, 433, 442, 279, 447),
        (194, 196, 195, 186, 189, 190, 180, 219, 217, 218),
        (117, 270, 271, 272, 438, 280, 241, 282, 425, 426, 427),
        (265, 105, 273, 104, 142, 224, 89, 116, 112, 170, 122),
    ),
}
_ALLOW, _EPERM, _ENOSYS, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
_LOAD, _EQUAL, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06


def _refuse_system_calls() -> None:
    """Have the kernel refuse them from now on, in this process and all its children.

    On another machine than those of the table nothing is refused: limits and namespaces hold.
    """
    if platform.machine() not in _REFUSED:
        return
    machine, sockets, clone, clone3, *others = _REFUSED[platform.machine()]
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_GREATER, 0, 1, 0x40000000),  # the 32-bit numbers of x86_64, under which all are known too
        (_RETURN, 0, 0, _EPERM),
        (_EQUAL, 0, 1, clone3),
        (_RETURN, 0, 0, _ENOSYS),
    ]
    for number in chain(*others):
        program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _EPERM)]
    program += [
        (_EQUAL, 0, 6, sockets),
        (_LOAD, 0, 0, 16),
        (_EQUAL, 3, 0, socket.AF_UNIX),
        (_EQUAL, 2, 0, socket.AF_INET),
        (_EQUAL, 1, 0, socket.AF_INET6),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
        (_EQUAL, 0, 3, clone),
        (_LOAD, 0, 0, 16),
        (_ANY_BIT, 0, 1, sum(_CLONE_NAMESPACES.values())),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *step) for step in program))
    filters = struct.pack("@HP", len(program), ctypes.addressof(code))
    _call("prctl", _PR_SET_SECCOMP, 2, filters, 0, 0)
