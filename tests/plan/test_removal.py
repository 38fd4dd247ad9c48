"""An item taken out takes its ranges with it, and the ranges of later items follow them."""

from core.plan.removal import without_item
from core.plan.scenario_io import edited
from core.plan.uncertainty import Uncertain
from tests.plan.builders import company, month, priced_round, run


def test_ranges_follow_their_runs() -> None:
    ranges = (
        Uncertain(field="reserve", p10=1.0, p90=2.0, shape="triangular"),
        *(Uncertain(field=f"runs.{index}.mfu", p10=0.3 + index / 100, p90=0.5, shape="normal") for index in range(3)),
    )
    made = company(
        runs=(run(), run(name="Second", start=month(4)), run(name="Third", start=month(5))), uncertainty=ranges
    )

    after = edited(made, without_item(made, "runs", 1))

    assert [one.name for one in after.runs] == ["Base model", "Third"]
    assert [(one.field, one.p10) for one in after.uncertainty] == [
        ("reserve", 1.0),
        ("runs.0.mfu", 0.3),
        ("runs.1.mfu", 0.32),  # the third run's, at its new place
    ]


def test_a_list_without_ranges_only_loses_the_item() -> None:
    made = company(priced_round(1e6, 4e6, at=4), priced_round(3e6, 2e7, at=7, name="Series B"))
    after = edited(made, without_item(made, "strategies.0.financings", 0))
    assert [one.name for one in after.strategies[0].financings] == ["Series B"]
    assert after.uncertainty == ()
