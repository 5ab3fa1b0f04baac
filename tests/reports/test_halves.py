"""A long report is set in two processes; whatever ends one of them, no half report comes out."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from crm.reports import press

pytestmark = pytest.mark.once

ORDER = press.Printing(
    "パイプライン報告書", "みなも計測株式会社", "ja", "@page{size:A5}",
    [f"<h1>第{number}面</h1><p>分光光度計 更新</p>" for number in range(1, 9)],
)  # fmt: skip

SLOW = replace(ORDER, sheets=["<p>分光光度計 更新</p>" * 300] * 8, flows=True)
"""Long enough for somebody to come between."""


def test_two_processes_make_the_same_pages_as_one():
    seen: set[int] = set()
    told: list[tuple[int, int]] = []

    def watch(done: int, whole: int) -> None:
        told.append((done, whole))
        seen.update(_second_ones())

    together = PdfReader(BytesIO(press.run(ORDER, watch)))
    assert told == [(number, 8) for number in range(1, 9)]
    cores = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(cores)})
        watched: set[int] = set()
        alone = PdfReader(
            BytesIO(press.run(ORDER, lambda _done, _whole: watched.update(_second_ones())))
        )
    finally:
        os.sched_setaffinity(0, cores)
    if len(cores) > 1:
        assert len(seen) == 1
    assert watched == set()
    for one in (together, alone):
        assert [page.extract_text().split()[0] for page in one.pages] == [
            f"第{number}面" for number in range(1, 9)
        ]
        assert [line["/Title"] for line in one.outline] == [f"第{n}面" for n in range(1, 9)]
        assert [one.get_destination_page_number(line) for line in one.outline] == list(range(8))
        assert (one.metadata.title, one.metadata.author) == (ORDER.title, ORDER.author)
        assert one.root_object["/Lang"] == "ja"
        subsets = [font["/FontName"] for font in _all(one, "/FontDescriptor")]
        assert len(set(subsets)) == len(subsets) == (4 if one is together and len(cores) > 1 else 2)
        assert {font["/BaseFont"] for font in _all(one, "/Font")} == set(subsets)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core sets all in one process")
def test_a_second_process_that_is_killed_makes_no_half_report():
    def kill(_done: int, _whole: int) -> None:
        for pid in _second_ones():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(press.PressFailed, match="second half"):
        press.run(SLOW, kill)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core sets all in one process")
def test_the_second_process_does_not_outlive_the_first():
    left: set[int] = set()

    def kill(_done: int, _whole: int) -> None:
        left.update(_second_ones())
        for pid in _children(os.getpid()):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(press.PressFailed):
        press.run(SLOW, kill)
    assert left
    for _try in range(100):
        if not any(_sets_a_pdf(pid) for pid in left):
            return
        time.sleep(0.1)
    raise AssertionError("it is still there after ten seconds")


def test_a_sheet_that_runs_over_is_named_in_the_second_half_too():
    tall = [*ORDER.sheets[:6], "<p>a</p>" * 200, ORDER.sheets[7]]
    with pytest.raises(press.PressFailed, match="sheet 7 runs over"):
        press.run(replace(ORDER, sheets=tall), lambda _done, _whole: None)


def _all(pdf: PdfReader, kind: str) -> list[dict[str, str]]:
    some = (pdf.get_object(number) for number in range(1, int(pdf.trailer["/Size"])))
    return [one for one in some if isinstance(one, dict) and one.get("/Type") == kind]


def _second_ones() -> set[int]:
    """Processes that the presses of this test have parted into."""
    return {pid for first in _children(os.getpid()) for pid in _children(first)}


def _children(parent: int) -> set[int]:
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            above = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if above == parent and _sets_a_pdf(int(place.name)):
            found.add(int(place.name))
    return found


def _sets_a_pdf(pid: int) -> bool:
    try:
        return b"crm.reports.pdf" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
