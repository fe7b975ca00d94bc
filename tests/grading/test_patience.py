"""A bound on processor time ends the block that it is for, and nothing else."""

import subprocess
import sys
import time

import pytest

from course_utils.grading.patience import TooLong, processor_seconds


def test_a_block_that_uses_the_processor_for_too_long_is_ended():
    with pytest.raises(TooLong), processor_seconds(0.05):
        while True:
            pass


def test_a_block_within_another_one_has_no_more_time_than_that():
    started = time.process_time()
    with pytest.raises(TooLong), processor_seconds(0.05), processor_seconds(60):
        while True:
            pass
    assert time.process_time() - started < 30


def test_a_signal_that_comes_after_the_block_does_not_end_the_process():
    """Another thread may have been about to deliver it, on a busy machine."""
    code = (
        "import os, signal\n"
        "from course_utils.grading.patience import processor_seconds\n"
        "with processor_seconds(60): pass\n"
        "os.kill(os.getpid(), signal.SIGVTALRM)\n"
        "print('alive')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "alive\n")
