"""Two processes on one list of work: a helper from the front, this process from the back.

Much of the time of a report goes into steps that keep one core busy. A fresh process, not a copy of
this one, that would share its connection to the engine; it loads its libraries while this process
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

from toekomstscenario_eval.resources import HULP_VARIABELE

Werk = TypeVar("Werk")
Antwoord = TypeVar("Antwoord")
Hulp = ProcessPoolExecutor | None


@contextmanager
def helper(laad: Callable[[], None]) -> Iterator[Hulp]:
    """Start a second process that begins with `laad`; None where that was not asked for, or of no use."""
    if HULP_VARIABELE not in os.environ or (os.cpu_count() or 1) < 2:
        yield None
        return
    wijze = multiprocessing.get_context("spawn")
    hulp = ProcessPoolExecutor(1, mp_context=wijze, initializer=_leave_interrupts)
    try:
        hulp.submit(laad)
        yield hulp
    finally:
        hulp.shutdown(cancel_futures=True)
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
    hulp: Hulp,
    werk: Sequence[Werk],
    *,
    hier: Callable[[Werk], Antwoord],
    daar: Callable[[Werk], Antwoord],
    eerst: Callable[[ProcessPoolExecutor], Future[None]] | None = None,
) -> list[Antwoord]:
    """Return the answers in the order of the work, whoever gave them.

    Parameters
    ----------
    hulp : see `helper`; without one all work is done here
    hier, daar : do one piece of work in this process, and in the helper
    eerst : asks the helper for something that must have succeeded before its answers count
    """
    if hulp is None:
        return [hier(stuk) for stuk in werk]
    try:
        return _divided(hulp, werk, hier, daar, eerst)
    except BrokenProcessPool:
        # The helper was stopped from outside, such as for want of memory.
        return [hier(stuk) for stuk in werk]


def _divided(
    hulp: ProcessPoolExecutor,
    werk: Sequence[Werk],
    hier: Callable[[Werk], Antwoord],
    daar: Callable[[Werk], Antwoord],
    eerst: Callable[[ProcessPoolExecutor], Future[None]] | None,
) -> list[Antwoord]:
    begin = eerst(hulp) if eerst else None
    beloofd = [hulp.submit(daar, stuk) for stuk in werk]
    eigen: dict[int, Antwoord] = {}
    for i in reversed(range(len(werk))):
        if not beloofd[i].cancel():
            break
        eigen[i] = hier(werk[i])
    if begin:
        begin.result()
    return [eigen[i] if i in eigen else beloofd[i].result() for i in range(len(werk))]
