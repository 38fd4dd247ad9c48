"""A wording for tests: English, paths for names, plain numbers."""

from core.plan.comparison import ComparisonRow
from core.reports.subject import Wording


def _criterion(row: ComparisonRow) -> str:
    return f"{row.criterion} {row.subject}".strip()


PLAIN = Wording(
    words=lambda text: text,
    field=lambda path: path,
    value=lambda _, value: f"{value:g}",
    unit=lambda _: "",
    text=lambda _, value: "–" if value is None else str(value),
    criterion=_criterion,
    money=lambda amount, currency: f"{amount:,.2f} {currency}",
    percent=lambda share: f"{share:.1%}",
    decimal=lambda amount, digits: f"{amount:,.{digits}f}",
    month=lambda day: f"{day:%Y-%m}",
    day=lambda day: day.isoformat(),
    closing=lambda one, _: one.status,
)
