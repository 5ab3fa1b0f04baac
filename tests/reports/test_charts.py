"""Where the shapes of a drawing stand."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from crm.charts.bars import Share, shared, within
from crm.charts.columns import Column, columns
from crm.charts.drawing import PAPER, SCREEN, Drawing, Label, Line, Rect, svg
from crm.charts.waterfall import PAPER_FRAME, SCREEN_FRAME, Step, is_cut, waterfall

pytestmark = pytest.mark.once

STEPS = [Step("先月末", 100, "100"), Step("新規", 60, "+60"), Step("受注", -40, "△40"),
         Step("現在", 120, "120")]  # fmt: skip


def rects(drawing: Drawing) -> list[Rect]:
    return [shape for shape in drawing.shapes if isinstance(shape, Rect)]


def test_bars_of_a_bridge_stand_on_the_axis_and_changes_hang_between_the_levels():
    first, new, won, last = rects(waterfall(STEPS, PAPER_FRAME))
    axis = PAPER_FRAME.height - PAPER_FRAME.foot
    assert first.y + first.height == pytest.approx(axis)
    assert last.y + last.height == pytest.approx(axis)
    assert new.y + new.height == pytest.approx(first.y)
    assert won.y == pytest.approx(new.y)
    assert won.y + won.height == pytest.approx(last.y)
    assert first.height / last.height == pytest.approx(100 / 120)


def test_the_highest_point_of_a_bridge_leaves_room_for_its_figure():
    assert min(rect.y for rect in rects(waterfall(STEPS, PAPER_FRAME))) == pytest.approx(
        PAPER_FRAME.head
    )


def test_a_bridge_that_does_not_sum_is_not_drawn():
    with pytest.raises(AssertionError):
        waterfall([*STEPS[:-1], Step("現在", 121, "121")], PAPER_FRAME)


def test_a_high_balance_may_be_cut_on_the_screen_and_shows_that_it_is():
    high = [Step("先", 1_000, ""), Step("新規", 20, ""), Step("今", 1_020, "")]
    assert is_cut(high)
    cut = waterfall(high, SCREEN_FRAME, may_cut=True)
    whole = waterfall(high, SCREEN_FRAME)
    assert [rect.tone for rect in rects(cut)].count("break") == 2
    assert [rect.tone for rect in rects(whole)].count("break") == 0
    assert rects(cut)[2].height > rects(whole)[1].height * 2


def test_a_low_balance_is_never_cut():
    low = [Step("先", 100, ""), Step("失注", -80, ""), Step("今", 20, "")]
    assert not is_cut(low)
    assert "break" not in [rect.tone for rect in rects(waterfall(low, SCREEN_FRAME, may_cut=True))]


def test_an_empty_bridge_is_an_axis():
    nothing = [Step("先", 0, "–"), Step("新規", 0, "–"), Step("今", 0, "–")]
    drawing = waterfall(nothing, PAPER_FRAME)
    assert all(rect.height == 0 for rect in rects(drawing))


def test_a_step_without_an_amount_has_a_name_and_no_bar():
    steps = [Step("先", 5, ""), Step("増額", 0, "–"), Step("今", 5, "")]
    assert len(rects(waterfall(steps, PAPER_FRAME))) == 2


def test_no_shape_leaves_its_drawing():
    for frame in (PAPER_FRAME, SCREEN_FRAME):
        drawing = waterfall(STEPS, frame)
        for shape in drawing.shapes:
            if isinstance(shape, Rect):
                assert shape.x >= 0 and shape.x + shape.width <= drawing.width
                assert shape.y >= 0 and shape.y + shape.height <= drawing.height
            elif isinstance(shape, Label):
                assert 0 < shape.y < drawing.height


def test_a_bar_in_a_row_shows_the_weighted_part_within_the_amount():
    light, dark = rects(within(30, 60, 120, 42, 4.2))
    assert (light.width, dark.width) == (pytest.approx(21), pytest.approx(10.5))
    assert rects(within(0, 0, 0, 42, 4.2)) == []


def test_a_shared_bar_is_filled_and_ours_is_solid():
    drawing = shared([Share("サポート起点", 25, "25.0%"), Share("営業活動", 75, "75.0%")], 106, 6)
    ours, theirs = rects(drawing)
    assert ours.tone == "solid"
    assert ours.width == pytest.approx(106 / 4 - 0.3)
    assert theirs.x + theirs.width == pytest.approx(106 - 0.3)


def test_a_share_that_is_too_narrow_says_nothing_inside():
    drawing = shared([Share("サポート起点", 1, "1.0%"), Share("営業", 99, "99.0%")], 106, 6)
    said = [shape.text for shape in drawing.shapes if isinstance(shape, Label)]
    assert "1.0%" not in said
    assert "99.0%" in said


def test_names_over_a_shared_bar_do_not_run_into_each_other():
    parts = [Share("サポート起点", 5, ""), Share("営業活動", 5, ""), Share("紹介", 90, "")]
    labels = [s for s in shared(parts, 106, 6).shapes if isinstance(s, Label) and s.text]
    for one, other in pairwise(labels):
        assert one.x + len(one.text) * one.size <= other.x


def test_month_columns_stack_what_is_expected_on_what_is_done():
    done, expected = rects(columns([Column("11月", 60, 40, 100)], 76, 176))
    assert expected.y + expected.height == pytest.approx(done.y)
    goal = [s for s in columns([Column("11月", 60, 40, 100)], 76, 176).shapes
            if isinstance(s, Line) and s.tone == "limit"]  # fmt: skip
    assert goal[0].y1 == pytest.approx(expected.y)


def test_paper_has_literal_colours_and_the_screen_has_none():
    drawing = waterfall(STEPS, PAPER_FRAME)
    paper, screen = svg(drawing, PAPER, "mm"), svg(drawing, SCREEN)
    assert "class=" not in paper and 'width="182mm"' in paper
    assert "#" not in re.sub(r"url\(#net\)", "", screen) and "style=" not in screen
    assert set(PAPER) == set(SCREEN)


def test_names_of_people_cannot_break_out_of_a_drawing():
    drawing = Drawing(10, 10, [Label(1, 1, "<script>", 2)], title='"><script>')
    assert "<script>" not in svg(drawing, PAPER)


def test_coordinates_have_two_decimals_at_most():
    for number in re.findall(r'(?:x|y|width|height)="([\d.]+)"', svg(
        waterfall(STEPS, PAPER_FRAME), PAPER, "mm"
    )):  # fmt: skip
        assert len(number.partition(".")[2]) <= 2
