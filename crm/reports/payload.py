"""The report's figures as JSON, the same for the screen, the PDF and the API, and their hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from crm.reports.figures import Forecast, PipelineFigures, StageRow
from crm.reports.lines import DealLine, origin_of


def payload(figures: PipelineFigures) -> dict[str, Any]:
    """The figures as JSON values: yen as integers, ratios in tenths of a percent, days in tenths.

    Only what has a history is in it, so that a past day gives the same payload for ever. Deals
    are named by their keys.
    """
    filters, moment = figures.filters, figures.moment
    return _compared(figures) | {
        "kind": "pipeline",
        "as_of": moment.day.isoformat() if moment.whole_day else moment.until.isoformat(),
        "filters": {
            "team_id": filters.team_id,
            "owner_id": filters.owner_id,
            "period": filters.period.code,
        },
        "unit": "yen",
        "stages": [_stage_payload(row) for row in figures.stages],
        "total": _stage_payload(figures.total),
        "before": {"count": figures.before.count, "amount": figures.before.amount},
        "bridge": {
            "opening": {"count": figures.bridge.opening_count, "amount": figures.bridge.opening},
            "steps": [asdict(step) for step in figures.bridge.steps],
            "closing": {"count": figures.bridge.closing_count, "amount": figures.bridge.closing},
        },
        "won": asdict(figures.won),
        "lost": asdict(figures.lost),
        "win_rate": figures.win_rate,
        "origins": [asdict(row) for row in figures.origins],
        "from_support": asdict(figures.support),
        "won_from_support": asdict(figures.won_from_support),
        "moves": {
            name: asdict(figures.moves[name]) for name in ("advanced", "fell_back", "postponed")
        },
        "forecast": _forecast_payload(figures.forecast),
        "deals": [_line_payload(line) for line in sorted(figures.lines, key=lambda one: one.id)],
    }


def _compared(figures: PipelineFigures) -> dict[str, Any]:
    """The day before, or the instant of the version and the report that it is."""
    if figures.version is None:
        return {"compared_with": figures.moment.before.isoformat()}
    moment = figures.version.moment
    return {
        "compared_with": moment.day.isoformat() if moment.whole_day else moment.until.isoformat(),
        "compare": figures.version.report_id,
    }


def _forecast_payload(forecast: Forecast) -> dict[str, Any]:
    return {
        "period": forecast.period.code,
        "won": forecast.won,
        "weighted": forecast.weighted,
        "landing": forecast.landing,
        "target": forecast.target,
        "rate": forecast.rate,
        "months": [
            {
                "month": month.first.isoformat()[:7],
                "won": month.won,
                "weighted": month.weighted,
                "target": month.target,
            }
            for month in forecast.months
        ],
    }


def _stage_payload(row: StageRow) -> dict[str, Any]:
    return {
        "stage": row.stage,
        "count": row.sums.count,
        "amount": row.sums.amount,
        "weighted_amount": row.sums.weighted,
        "mean_days": row.sums.days,
        "count_change": row.count_change,
        "amount_change": row.amount_change,
        "share": row.share,
    }


def _line_payload(line: DealLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "stage": line.stage,
        "rank": line.rank,
        "amount": line.amount,
        "weighted_amount": line.weighted,
        "expected_close_on": line.expected_close_on and line.expected_close_on.isoformat(),
        "days_in_stage": line.days_in_stage,
        "owner_id": line.owner_id,
        "team_id": line.team_id,
        "origin": origin_of(line),
        "rule": line.rule,
    }


def fingerprint(data: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a payload: 64 hex digits, the first 16 are printed."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
