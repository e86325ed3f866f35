"""Two processes on one list of work: a helper from the front, this process from the back.

Much of the time of a report goes into steps that keep one core busy. It is a fresh process, for a copy would
share the connection to the engine; it loads its libraries while this process
still has other things to do.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from toekomstscenario_eval.resources import SUPPORT_VARIABLE

Work = TypeVar("Work")
Answer = TypeVar("Answer")
Support = ProcessPoolExecutor | None


@contextmanager
def helper(load: Callable[[], None]) -> Iterator[Support]:
    """Start a second process that begins with `load`; None where that was not asked for, or of no use."""
    if SUPPORT_VARIABLE not in os.environ or (os.cpu_count() or 1) < 2:
        yield None
        return
    manner = multiprocessing.get_context("spawn")
    support = ProcessPoolExecutor(1, mp_context=manner, initializer=_leave_interrupts)
    try:
        support.submit(load)
        yield support
    finally:
        support.shutdown(cancel_futures=True)
        _stop_tracker()


def _leave_interrupts() -> None:
    """Leave Ctrl-C to the process that the user sees; that one stops the helper."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stop_tracker() -> None:
    """Stop the process that multiprocessing leaves behind to clean up, and that ignores being asked to.

    A kernel that stops waits for it, until whoever started the kernel loses patience.
    """
    from multiprocessing import resource_tracker

    stop = getattr(resource_tracker._resource_tracker, "_stop", None)
    if stop is not None:
        stop()


def both(
    support: Support,
    work: Sequence[Work],
    *,
    here: Callable[[Work], Answer],
    there: Callable[[Work], Answer],
    first: Callable[[ProcessPoolExecutor], Future[None]] | None = None,
) -> list[Answer]:
    """Return the answers in the order of the work, whoever gave them.

    Parameters
    ----------
    support : see `helper`; without one all work is done here
    here, there : do one piece of work in this process, and in the helper
    first : asks the helper for something that must have succeeded before its answers count
    """
    if support is None:
        return [here(piece) for piece in work]
    try:
        return _divided(support, work, here, there, first)
    except BrokenProcessPool:
        # The helper was stopped from outside, such as for want of memory.
        return [here(piece) for piece in work]


def _divided(
    support: ProcessPoolExecutor,
    work: Sequence[Work],
    here: Callable[[Work], Answer],
    there: Callable[[Work], Answer],
    first: Callable[[ProcessPoolExecutor], Future[None]] | None,
) -> list[Answer]:
    begin = first(support) if first else None
    promised = [support.submit(there, piece) for piece in work]
    own: dict[int, Answer] = {}
    for i in reversed(range(len(work))):
        if not promised[i].cancel():
            break
        own[i] = here(work[i])
    if begin:
        begin.result()
    return [own[i] if i in own else promised[i].result() for i in range(len(work))]
