"""A long report is set in two processes; whatever ends one of them, no half report comes out."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from crm.reports import kept, press
from tests.reports.processes import first_ones, second_ones, wait_until_gone

pytestmark = pytest.mark.once

ORDER = press.Printing(
    "パイプライン報告書", "みなも計測株式会社", "ja", "@page{size:A5}",
    [f"<h1>第{number}面</h1><p>分光光度計 更新</p>" for number in range(1, 9)],
)  # fmt: skip

SLOW = replace(ORDER, sheets=["<p>分光光度計 更新</p>" * 300] * 8, flows=True)
"""Long enough for somebody to come between."""


def test_two_processes_make_the_same_pages_as_one(monkeypatch):
    seen: set[int] = set()
    told: list[tuple[int, int]] = []

    def watch(done: int, whole: int) -> None:
        told.append((done, whole))
        seen.update(second_ones())

    together = PdfReader(BytesIO(press.run(ORDER, watch)))
    assert told == [(number, 8) for number in range(1, 9)]
    cores = os.sched_getaffinity(0)
    monkeypatch.setattr(kept, "_idle", [])  # a press that is warm has learnt how many there are
    try:
        os.sched_setaffinity(0, {min(cores)})
        watched: set[int] = set()
        alone = PdfReader(
            BytesIO(press.run(ORDER, lambda _done, _whole: watched.update(second_ones())))
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
        for pid in second_ones():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(press.PressFailed, match="second half"):
        press.run(SLOW, kill)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core sets all in one process")
def test_the_second_process_does_not_outlive_the_first():
    left: set[int] = set()

    def kill(_done: int, _whole: int) -> None:
        left.update(second_ones())
        for pid in first_ones():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(press.PressFailed):
        press.run(SLOW, kill)
    assert left
    wait_until_gone(left)


def test_a_sheet_that_runs_over_is_named_in_the_second_half_too():
    tall = [*ORDER.sheets[:6], "<p>a</p>" * 200, ORDER.sheets[7]]
    with pytest.raises(press.PressFailed, match="sheet 7 runs over"):
        press.run(replace(ORDER, sheets=tall), lambda _done, _whole: None)


def _all(pdf: PdfReader, kind: str) -> list[dict[str, str]]:
    some = (pdf.get_object(number) for number in range(1, int(pdf.trailer["/Size"])))
    return [one for one in some if isinstance(one, dict) and one.get("/Type") == kind]
