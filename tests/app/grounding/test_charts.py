"""The numbers of charts are no places, and what is pointed at in a chart is one."""

from __future__ import annotations

from app.domain.message import Status
from app.grounding.dialects import shapes_in
from tests.app.grounding.test_json import QWEN3, labels
from tests.grounded_answers import answer

BAR = '{"label": "2019", "x": 10, "y": 20, "width": 5, "height": 30}'
CHARTS = [
    f'{{"type": "bar", "x_label": "Year", "y_label": "Sales", "data": [{BAR}]}}',
    f'{{"series": [{BAR}]}}',
    f'{{"data": [{BAR}], "axes": {{"x": "Year", "y": "Sales"}}, "bins": 4}}',
    f'{{"chart": {{"xAxis": {{"title": "Year"}}, "values": [{BAR}]}}}}',
    f'{{"bars": [{BAR}, {BAR}], "ticks": [1, 2, 3]}}',
    '{"x_axis": "Year", "label": "2019", "x": 10, "y": 20, "w": 5, "h": 30}',
    '{"series": [{"name": "A", "points": [{"x": 1, "y": 20}, {"x": 2, "y": 30}]}]}',
    '{"series": [{"name": "A", "points": [[1, 20], [2, 30]]}]}',
]


def test_sides_and_points_of_charts_are_no_places_though_the_model_is_known() -> None:
    for model in (QWEN3, "gemini-3.5-flash", "moondream2", "some-model"):
        for text in (*CHARTS, f"```json\n{CHARTS[0]}\n```"):
            assert labels(text, model) == [], (model, text)
    assert len(shapes_in(answer(CHARTS[1]), "pixels")) == 1, "unless they are chosen to be"


def test_parts_of_charts_are_places_where_their_names_hold_sides_or_the_names_of_places() -> None:
    side = '"x": 10, "y": 20, "width": 5, "height": 30'
    for text in (
        f'{{"x_axis": {{{side}}}}}',
        f'{{"label": "legend", {side}}}',
        f'{{"data": [{BAR}]}}',
        f'{{"chart_type": "bar", "objects": [{BAR}]}}',
        '{"chart_type": "bar", "bars": [{"label": "2019", "bbox_2d": [1, 2, 30, 40]}]}',
        '{"series": [{"label": "2019", "point_2d": [30, 40]}]}',
        f'{{"series": [1, 2]}} {BAR}',
    ):
        assert len(labels(text)) == 1, text


POINTED_IN_CHARTS = {
    '{"x_axis": {"label": "Year", "point": [500, 950]}, "y_axis": {"point": [40, 500]}}': 2,
    '{"objects": [{"label": "a", "point": [10, 20]}], "x_axis": "Year"}': 1,
    '{"objects": [{"label": "a", "points": [[10, 20], [30, 40]]}], "x_axis": "Year"}': 2,
    '{"bars": [{"label": "bar", "point": [100, 200]}]}': 1,
    '{"action": "click", "coordinate": [100, 200], "axes": "x"}': 1,
    '{"chart_type": "bar", "elements": [{"label": "a", "coordinate": [100, 200]}]}': 1,
}


def test_what_is_pointed_at_in_a_chart_is_a_place_whoever_writes() -> None:
    for text, count in POINTED_IN_CHARTS.items():
        for model in (QWEN3, "gemini-3.5-flash", "some-model"):
            assert len(labels(text, model)) == count, (model, text)


def test_a_part_of_a_chart_that_is_a_place_leaves_those_beside_it() -> None:
    side = '"x": 10, "y": 20, "width": 5, "height": 30'
    for axis in ('"bbox_2d": [50, 900, 950, 980]', side):
        beside = f'"legend": {{"label": "legend", {side}}}, "title": {{"label": "title", {side}}}'
        assert labels(f'{{"x_axis": {{"label": "Year", {axis}}}, {beside}}}') == ["Year", "legend", "title"]


EVERYDAY = [
    f'{{"bars": [{BAR}, {BAR}]}}',
    f'{{"ticks": [{BAR}]}}',
    f'{{"layout": {{"axis": "vertical"}}, "elements": [{BAR}]}}',
    '{"label": "arrow", "axis": "vertical", "x": 1, "y": 2, "width": 30, "height": 40}',
    f'{{"data": [{BAR}, {BAR}], "axes": {{"x": "Year"}}}}',
    '{"items": [{"label": "a", "point": [10, 20]}, {"label": "b", "point": [30, 40]}], "axis": "none"}',
]


def test_one_everyday_name_makes_no_chart_and_what_was_shown_of_an_answer_stays_as_it_grows() -> None:
    for text in (*EVERYDAY, *POINTED_IN_CHARTS):
        grown = [answer(text[:end], QWEN3, status=Status.STREAMING) for end in range(1, len(text) + 1)]
        counts = [len(shapes_in(message)) for message in grown]
        assert counts == sorted(counts) and counts[-1] > 0, text
