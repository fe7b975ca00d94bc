"""The number of cores is what this process may use, not what the machine has."""

import builtins
import io
import os

import pytest

from course_utils._cores import usable_cores


@pytest.mark.parametrize(("quota", "expected"), [("100000 100000", 1), ("50000 100000", 1)])
def test_a_containers_quota_is_seen(monkeypatch, quota, expected):
    file, exists, opened = "/sys/fs/cgroup/cpu.max", os.path.exists, builtins.open
    monkeypatch.setattr("os.path.exists", lambda path: path == file or exists(path))
    monkeypatch.setattr(
        builtins,
        "open",
        lambda path, *a, **k: io.StringIO(quota) if path == file else opened(path, *a, **k),
    )
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    assert usable_cores() == expected


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux has masks")
def test_a_batch_systems_mask_is_seen():
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert usable_cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)


def test_the_number_may_be_set_by_hand(monkeypatch):
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    assert usable_cores() == 1
