"""A press stays warm for the next order, and nobody has to know."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from crm.reports import kept, press
from tests.reports.processes import first_ones, presses, wait_until_gone, with_copies_in

pytestmark = pytest.mark.once

ORDER = press.Printing("作業報告書", "みなも計測株式会社", "ja", "@page{size:A5}", ["<p>作業</p>"])
LONG = replace(ORDER, sheets=["<p>分光光度計 更新</p>" * 250], flows=True)


@pytest.fixture(autouse=True)
def cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """No press is warm yet; where those to come keep their copies of the fonts."""
    kept._let_go()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    yield tmp_path
    kept._let_go()


def printed() -> bool:
    return press.run(ORDER, _nobody).startswith(b"%PDF")


def _printed_alone() -> tuple[bool, int]:
    """By a press of its own: how many those are."""
    return printed(), len(presses())


def _nobody(_done: int, _whole: int) -> None:
    pass


def test_one_press_serves_one_order_after_the_other():
    seen = set()
    for _order in range(3):
        assert printed()
        seen |= presses()
    assert len(seen) == 1
    assert first_ones() == set()


@pytest.mark.parametrize("end", [signal.SIGTERM, None], ids=["told to end", "its line ends"])
def test_a_press_leaves_no_copies_of_its_fonts(cold: Path, end: signal.Signals | None):
    printed()
    [copies] = cold.glob("weasyprint-*")
    there = presses()
    for pid in there:
        if end:
            os.kill(pid, end)
        else:
            kept._let_go()
    wait_until_gone(there)
    assert not copies.exists()


def test_two_orders_at_once_have_a_press_each_and_one_stays():
    with ThreadPoolExecutor(2) as people:
        some = [people.submit(press.run, LONG, _nobody) for _one in range(2)]
        seen = set()
        while not all(one.done() for one in some):
            seen |= presses()
            time.sleep(0.02)
        assert all(one.result().startswith(b"%PDF") for one in some)
    assert len(seen) == 2
    assert len(presses()) == 1


def test_an_order_that_goes_wrong_leaves_the_press_to_the_next_one():
    printed()
    there = presses()
    with pytest.raises(press.PressFailed, match="runs over"):
        press.run(replace(LONG, flows=False), _nobody)
    with pytest.raises(ZeroDivisionError):
        press.run(ORDER, lambda _done, _whole: 1 // 0)
    assert printed()
    assert presses() == there


def test_a_press_that_was_killed_is_replaced():
    printed()
    for pid in presses():
        os.kill(pid, signal.SIGKILL)
    assert printed()
    with pytest.raises(press.PressFailed, match="exit -9"):
        press.run(LONG, lambda _done, _whole: [os.kill(pid, signal.SIGKILL) for pid in presses()])
    assert printed()


def test_a_press_without_orders_ends_and_the_next_order_has_a_new_one(monkeypatch):
    monkeypatch.setattr(kept, "IDLE", 0.2)
    printed()
    there = presses()
    wait_until_gone(there)
    assert printed()
    assert not presses() & there


def test_a_press_that_cannot_start_says_why(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(kept, "ROOT", tmp_path)
    with pytest.raises(press.PressFailed, match=r"exit 1: .*No module named 'crm'"):
        printed()


def test_who_parts_from_a_process_does_not_speak_to_its_press():
    printed()
    there = presses()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(_printed_alone) == (True, 1)
    assert printed()
    assert presses() == there


@pytest.mark.parametrize("begun", [True, False], ids=["at work", "still loading"])
def test_a_press_and_its_order_end_with_whoever_gave_it(cold: Path, begun: bool):
    given = (
        "import signal\nfrom crm.reports import press\n"
        "sheets = ['<p>分光光度計 更新</p>' * 250] * 60\n"
        "order = press.Printing('作業報告書', '', 'ja', '@page{size:A5}', sheets, True)\n"
        "press.run(order, lambda _done, _whole: signal.pause())\n"
    )
    command = [sys.executable, "-c", given]
    with subprocess.Popen(command, cwd=kept.ROOT) as owner:
        mine = _awaited(lambda: presses(owner.pid))
        if begun:
            mine |= _awaited(lambda: {pid for one in mine for pid in presses(one)})
        owner.kill()
    wait_until_gone(mine)
    wait_until_gone(with_copies_in(cold), seconds=3)
    assert not list(cold.glob("weasyprint-*"))


def test_an_order_ends_with_its_press(cold: Path):
    seen = set()

    def kill(_done: int, _whole: int) -> None:
        seen.update(first_ones())
        for pid in presses():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(press.PressFailed, match="exit -9"):
        press.run(replace(LONG, sheets=LONG.sheets * 4), kill)
    assert seen
    wait_until_gone(seen)


def _awaited(look: Callable[[], set[int]]) -> set[int]:
    until = time.monotonic() + 60
    while not (found := look()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return found
