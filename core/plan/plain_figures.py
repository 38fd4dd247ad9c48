"""The Plan page's figures as plain values (for JSON) and as text (for a terminal)."""

from dataclasses import asdict
from datetime import date
from typing import Any

from core.plan.answer import Answer
from core.plan.proceeds import Exit


def plain_figures(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values: amounts in `currency` and shares as floats, dates as ISO text, None for none."""
    sold = answer.exit
    figures = {
        "strategy": answer.strategy,
        "currency": answer.currency,
        "horizon": answer.horizon,
        "funds_needed": answer.funds_needed,
        "runway_months": answer.runway_months,
        "dry": answer.dry,
        "cash_out": answer.cash_out,
        "next_financing": answer.next_financing.name if answer.next_financing else None,
        "raise_by": answer.raise_by,
        "founders_share_fully_diluted": float(answer.founders_share),
        "founders_votes": float(answer.founders_votes),
        "founders_proceeds": float(answer.founders_proceeds),
        "founders_present_value": answer.founders_present_value,
        "raised": answer.raised,
        "enterprise_value": sold.enterprise_value if sold else None,
        "returns": [asdict(one) for one in answer.returns],
        "financings": [asdict(one) for one in answer.financings],
        "runs": [asdict(one) for one in answer.runs],
        "years": [asdict(one) for one in answer.years],
    }
    plain: dict[str, Any] = _plain(figures)
    return plain


def as_text(answer: Answer) -> str:
    """A page of text: the headline figures, then financings, runs and years."""
    return "\n".join([*_headline(answer), "", *_financings(answer), "", *_runs(answer), "", *_years(answer)])


def _headline(answer: Answer) -> list[str]:
    lasts = f"{_month(answer.dry)}" if answer.dry else f"past the horizon, {_month(answer.horizon)}"
    runway = f"{answer.runway_months} months" if answer.dry else f"past {_month(answer.horizon)}"
    of_value = _of_price(answer.exit, answer.currency) if answer.exit else ""
    for_round = f" for {answer.next_financing.name}" if answer.next_financing else ""
    return [
        answer.strategy,
        f"  money lasts until   {lasts}",
        f"  start raising by    {_month(answer.raise_by)}{for_round}",
        f"  funds needed        {answer.funds_needed:,.2f} {answer.currency}",
        f"  runway              {runway}",
        f"  founders' share     {float(answer.founders_share):.2%} fully diluted",
        f"  founders' proceeds  {float(answer.founders_proceeds):,.2f} {answer.currency}{of_value}",
    ]


def _of_price(sold: Exit, currency: str) -> str:
    return f" {'of shares worth' if sold.listed else 'of a sale at'} {float(sold.price):,.2f} {currency}"


def _financings(answer: Answer) -> list[str]:
    layout = "{:<24}{:<10}{:<10}{:>18}{:>18}  {}"
    return [
        layout.format("financing", "planned", "closed", "amount", "valuation", "cash out without it"),
        *(
            layout.format(
                one.name,
                _month(one.planned),
                _month(one.closed),
                f"{one.amount:,.0f}",
                f"{one.valuation:,.0f}",
                _month(one.cash_out_without),
            )
            for one in answer.financings
        ),
    ]


def _runs(answer: Answer) -> list[str]:
    layout = "{:<24}{:<10}{:<10}{:>14}{:>8}{:>18}{:>18}{:>18}{:>8}"
    return [
        layout.format("run", "planned", "started", "hours", "days", "final run", "all compute", "all-in", "loss"),
        *(
            layout.format(
                one.name,
                _month(one.planned),
                _month(one.started),
                f"{one.cost.accelerator_hours:,.0f}",
                f"{one.cost.days:,.1f}",
                f"{one.cost.final_run:,.0f}",
                f"{one.cost.all_compute:,.0f}",
                f"{one.cost.all_in:,.0f}",
                "-" if one.loss is None else f"{one.loss:.3f}",
            )
            for one in answer.runs
        ),
    ]


def _years(answer: Answer) -> list[str]:
    layout = "{:<10}{:>18}{:>18}{:>18}{:>15}{:>12}  {}"
    return [
        layout.format("year to", "revenue", "costs", "cash", "burn multiple", "rule of 40", "default alive"),
        *(
            layout.format(
                _month(one.last_month),
                f"{one.revenue:,.0f}",
                f"{one.costs:,.0f}",
                f"{one.cash:,.0f}",
                _number(one.burn_multiple),
                _number(one.rule_of_40),
                "yes" if one.default_alive else "no",
            )
            for one in answer.years
        ),
    ]


def _month(day: date | None) -> str:
    return f"{day:%Y-%m}" if day else "-"


def _number(value: float | None) -> str:
    return f"{value:.2f}" if value is not None else "-"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
