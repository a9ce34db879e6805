"""Processes that outlive the command that started them.

A server is known by its pid and its start time, because a pid alone may belong to another process by the time it is used.
"""

import ctypes
import os
import select
import signal
import subprocess

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent(signum):
    """Lets the kernel send `signum` to this process when the one that started it ends, however that happens."""
    if LIBC.prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")


def start_time(pid):
    """The time `pid` was started, in clock ticks since boot; None when there is no such process or it has already ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            # The second field is the program's name in parentheses and may itself hold blanks and parentheses.
            fields = stat.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, started = fields[0], int(fields[19])
    return None if state in "ZX" else started


class Process:
    """One process, named by pid and start time. Every method is safe when it has ended and its pid was given to another."""

    def __init__(self, pid, started):
        """Both are None for a process that was never started or is known to have ended."""
        self.pid = pid
        self.started = started

    @classmethod
    def spawn(cls, command, log, cwd):
        """Starts `command` in a session of its own, away from the caller's terminal; its output is appended to the file `log`."""
        with open(log, "ab") as output:
            child = subprocess.Popen(  # pylint: disable=consider-using-with
                command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        # Not ours to wait for: whoever stops it may be another command, so the object must not complain when it is dropped.
        child.returncode = 0
        return cls(child.pid, start_time(child.pid))

    def alive(self):
        """Whether it still runs."""
        return self.started is not None and start_time(self.pid) == self.started

    def wait(self, seconds):
        """Waits until it has ended, at most `seconds`; returns whether it has."""
        descriptor = self._open()
        if descriptor is None:
            return True
        try:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            return bool(poll.poll(seconds * 1000))
        finally:
            os.close(descriptor)

    def signal(self, signum):
        """Sends a signal; nothing happens when it has ended."""
        descriptor = self._open()
        if descriptor is None:
            return
        try:
            signal.pidfd_send_signal(descriptor, signum)
        except ProcessLookupError:
            pass
        finally:
            os.close(descriptor)

    def stop(self, grace_seconds):
        """Asks it to end and ends it by force when it has not done so within `grace_seconds`; returns when it is gone."""
        self.signal(signal.SIGTERM)
        if not self.wait(grace_seconds):
            self.kill()

    def kill(self):
        """Ends it at once; returns when it is gone."""
        self.signal(signal.SIGKILL)
        self.wait(60)

    def _open(self):
        """A descriptor of exactly this process; None when it has ended. The check comes after the open, so the pid cannot change hands between."""
        if self.pid is None:
            return None
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return None
        if self.alive():
            return descriptor
        os.close(descriptor)
        return None
