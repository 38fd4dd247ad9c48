"""Names of what stands in the tables of published financings and of venture rounds."""

from collections.abc import Mapping

from core.capital.history_checks import Check, Fault
from core.capital.published_financing import Instrument, PublishedFinancing
from core.capital.stage_cohorts import Group, Stage, Statistic
from ui import formats
from ui.language import N_, words

KINDS: Mapping[Instrument, str] = {
    "equity": N_("Round of shares"),
    "debt": N_("Loan or bond"),
    "convertible": N_("Convertible note or bond"),
    "listing": N_("Listing"),
    "placing": N_("Placing after the listing"),
    "tender": N_("Sale of old shares (tender)"),
    "merger": N_("Merger, paid in shares"),
    "licence_and_hire": N_("Licence and hire"),
    "acquisition": N_("Sale of the company"),
}
COMPUTE: Mapping[str, str] = {
    "part_paid": N_("part of it came as compute"),
    "spent_with_investor": N_("the company buys compute from the investor"),
}
# Names in Chinese where the company has one; all others stand as they are.
COMPANIES = (
    N_("Zhipu"),
    N_("Moonshot AI"),
    N_("DeepSeek"),
    N_("Baichuan"),
    N_("StepFun"),
)
# Events that are in no preset, whose names the catalogue has from there.
EVENTS = (
    N_("Microsoft 2019"),
    N_("Microsoft 2023"),
    N_("Series of October 2024"),
    N_("Tender of November 2024"),
    N_("Round of March 2025"),
    N_("Tender of October 2025"),
    N_("Round of March 2026"),
    N_("Google, February 2023"),
    N_("Asian telecoms, August 2023"),
    N_("Amazon, first note"),
    N_("Google, convertible note"),
    N_("Amazon, second note"),
    N_("Amazon, third note"),
    N_("Series E"),
    N_("Series F"),
    N_("Series G"),
    N_("Series H"),
    N_("Series J"),
    N_("Series A1"),
    N_("Series B+"),
    N_("Series D, extension"),
    N_("Merger with Aleph Alpha"),
    N_("Microsoft: licence and hire"),
    N_("Google: licence and hire"),
    N_("Nvidia: licence and hire"),
    N_("Merger with X"),
    N_("Secured notes and term loans"),
    N_("Strategic equity of June 2025"),
    N_("Sale to SpaceX"),
    N_("Merger with xAI"),
    N_("IPO (Nasdaq)"),
    N_("IPO (NYSE)"),
    N_("Sale to Databricks"),
    N_("Round of September 2023"),
    N_("Round of February 2024"),
    N_("Round of September 2024"),
    N_("Round of November 2024"),
    N_("Round of April 2025"),
    N_("Round of September 2025"),
    N_("Round of October 2025"),
    N_("Round of February 2026"),
    N_("Round of May 2026"),
    N_("Debt of January 2025"),
    N_("Magnetar convertible"),
    N_("Term loan 1 (DDTL 1.0)"),
    N_("Term loan 2 (DDTL 2.0)"),
    N_("Term loan 2, fifth amendment"),
    N_("Senior notes due 2031"),
    N_("First outside round"),
    N_("Meta: half of the company"),
)
CHECKS: Mapping[Check, str] = {
    "positive": N_("not above zero"),
    "part_of_the_company": N_("more than the whole company, or nothing of it"),
    "share_sold": N_("the share sold is not the amount over the post-money valuation"),
    "new_money_between_pre_and_post": N_("pre-money valuation and new money do not add up to the post-money valuation"),
    "new_and_old_shares": N_("new and old shares do not add up to the amount"),
    "price_times_shares": N_("the offer price times the shares is not the amount"),
    "first_day": N_("the first close does not fit the offer price and the return of the first day"),
    "exchange_rate": N_("an exchange rate that never was"),
    "two_currencies": N_("the amounts in two currencies do not fit"),
    "kind": N_("a figure that this kind of event cannot have, or lacks one that it must have"),
    "published_before_it_happened": N_("published before it happened"),
    "order_of_dates": N_("not in order of date"),
    "step_up": N_("a jump from the last valuation that no real company has made so fast"),
}
STAGES: Mapping[Stage, str] = {
    "pre-seed-safe": N_("Pre-seed, on SAFEs"),
    "seed-safe": N_("Seed, on SAFEs"),
    "seed-priced": N_("Seed, priced"),
    "series-a": N_("Series A"),
    "series-b": N_("Series B"),
    "series-c": N_("Series C"),
    "series-d": N_("Series D"),
    "buyout": N_("Buyout"),
    "idea": N_("Idea"),
    "development": N_("Development"),
    "startup": N_("Start-up"),
    "expansion": N_("Expansion"),
    "growth": N_("Growth"),
    "all": N_("All stages"),
}
STATISTICS: Mapping[Statistic, str] = {
    "amount": N_("Amount raised"),
    "pre_money": N_("Pre-money valuation"),
    "post_money": N_("Post-money valuation"),
    "dilution": N_("Share sold"),
    "months_to_next_round": N_("Months to the next round"),
    "graduation_rate_2y": N_("Raised the next round within two years"),
    "graduation_rate_1y": N_("Raised the next round within a year"),
    "graduation_rate_4y": N_("Raised the next round within four years"),
    "survival": N_("Of all companies founded, raised this round"),
    "closed": N_("Shut down"),
    "acquired": N_("Acquired"),
    "still_live": N_("Still live"),
    "down_round_share": N_("Rounds below the last price"),
    "bridge_share": N_("Bridge rounds"),
    "burn_multiple": N_("Burn multiple (net burn over net new revenue)"),
    "runway_months": N_("Months of runway"),
    "loss_of_money_share": N_("Deals that returned less than was invested"),
    "tenfold_share": N_("Deals that returned ten times or more"),
    "target_irr": N_("Return that investors ask for (IRR)"),
    "success_rate": N_("Investments that succeed"),
}
GROUPS: Mapping[Group, str] = {
    "all": N_("All companies"),
    "ai": N_("AI companies"),
    "non_ai": N_("Companies without AI"),
}


def kinds() -> dict[str, str]:
    """Names of the kinds of event in the session's language."""
    return {kind: words(name) for kind, name in KINDS.items()}


def fault_sentence(fault: Fault) -> str:
    """Why a row is refused: the check, what stands in the table and what would fit."""
    given = formats.decimal(fault.value, 4) if isinstance(fault.value, float) else str(fault.value)
    return words("{reason} (`{field}` is {given}; expected `{expected}`)").format(
        reason=words(CHECKS[fault.check]), field=fault.field, given=given, expected=fault.expected
    )


def event_day(row: PublishedFinancing) -> str:
    """The day of an event; its month where the table has the first of it, which stands for the month."""
    return formats.month(row.date) if row.date.day == 1 else formats.day(row.date)
