"""What the fields of ranges and of the luck of raising money are called: text, unit and help; part of `ui.labels`."""

from collections.abc import Mapping

from ui.language import N_

RISK_LABELS: Mapping[str, tuple[str, str, str]] = {
    "runs.schedule_slip": (
        N_("Time taken / time the accelerators need"),
        "×",
        N_("Delays that cost no compute: the model comes later, and so does its revenue."),
    ),
    "uncertainty.field": (N_("Number"), "", ""),
    "uncertainty.p10": (N_("10th percentile"), "", ""),
    "uncertainty.p90": (N_("90th percentile"), "", ""),
    "uncertainty.shape": (N_("Shape"), "", ""),
    "uncertainty.market": (
        N_("Tied to the market"),
        "",
        N_("Correlation with the market factor, from −1 to 1. One market moves rounds, prices and all tied ranges."),
    ),
    "fundraising.closing_rate": (
        N_("Chance that a try closes"),
        "%",
        N_("Of a round that is tried in an average market with six months of cash left. 100%: it never fails."),
    ),
    "fundraising.time_p75": (
        N_("Slow quarter: time between rounds / planned"),
        "×",
        N_("A quarter of rounds take longer than this times the planned gap; half keep to the plan. 1: never late."),
    ),
    "fundraising.price_p10": (
        N_("Low price / planned price"),
        "×",
        N_("One round in ten is priced lower, apart from the market and from the cash left."),
    ),
    "fundraising.price_p90": (
        N_("High price / planned price"),
        "×",
        N_("One round in ten is priced higher, apart from the market and from the cash left."),
    ),
    "fundraising.market_on_chance": (
        N_("Market on the chance"),
        "log-odds",
        N_("Added to the log-odds of closing for each standard deviation of the market; 0.5 turns 50% into 62%."),
    ),
    "fundraising.cash_on_chance": (
        N_("Cash left on the chance"),
        "log-odds",
        N_("Added to the log-odds of closing for twice the months of cash; taken away for half of six months."),
    ),
    "fundraising.revenue_on_chance": (
        N_("Revenue on the chance"),
        "log-odds",
        N_("Added to the log-odds of closing for twice the revenue that the round's gate asks for."),
    ),
    "fundraising.market_on_price": (
        N_("Market on the price"),
        "log-odds",
        N_("Of the logarithm of the price, for each standard deviation of the market; 0.25 is 28% more."),
    ),
    "fundraising.cash_on_price": (
        N_("Cash left on the price"),
        "log-odds",
        N_("Below six months the price falls with this power of months of cash / 6: 0.3 is 19% less at three months."),
    ),
    "fundraising.bridge_share": (
        N_("Missed rounds that are bridged"),
        "%",
        N_("Insiders lend on a convertible note, and the round is tried once more."),
    ),
    "fundraising.down_round_share": (
        N_("Missed rounds that close at a discount"),
        "%",
        N_("A down round. What is neither bridged nor discounted is the end of the fundraising."),
    ),
    "fundraising.bridge_months": (N_("A bridge lasts"), "months", N_("Months of what the company burns.")),
    "fundraising.bridge_discount": (N_("Discount of a bridge note"), "%", ""),
    "fundraising.down_round_discount": (N_("Discount of a down round"), "%", N_("Below the planned price.")),
}
