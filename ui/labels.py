"""What the scenario's fields are called on a page, in which unit they are shown, and what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.plan.values import Currency
from ui.glossary import definition
from ui.language import N_, words
from ui.risk_labels import RISK_LABELS
from ui.units import (
    BILLION,
    COUNT,
    GIGABYTES,
    MILLION_TOKENS,
    MONEY,
    MONEY_MILLION,
    MONEY_PRICE,
    MONTHS,
    PEOPLE,
    PERCENT,
    RATE,
    TERABYTES_PER_SECOND,
    TFLOPS,
    TIMES,
    TRILLION,
    UNITS_OF_RISK,
    WATTS,
    Unit,
)

NAMES_FROM_CORE = (N_("Founding"), N_("Option pool"), N_("common"), N_("options"))
# Of data/cap_tables; people and firms there keep their names.
HOLDERS_OF_EXAMPLES = (
    *(N_("Others"), N_("Founders"), N_("Investors")),
    *(N_("MFN investor"), N_("Series A investor"), N_("Note 1 holder"), N_("Note 2 holder")),
)
CURRENCIES: Mapping[Currency, str] = {"USD": N_("USD"), "CNY": N_("CNY"), "HKD": N_("HKD"), "EUR": N_("EUR")}
CURRENCY_NAMES: Mapping[Currency, str] = {
    "USD": N_("US dollar"),
    "CNY": N_("Chinese yuan"),
    "HKD": N_("Hong Kong dollar"),
    "EUR": N_("euro"),
}


@dataclass(frozen=True)
class FieldLabel:
    """A field's name on a page, its unit and one sentence of help; all three are catalogue keys.

    term: id of the glossary's term whose definition stands before the help
    """

    text: str
    unit: Unit = COUNT
    help: str = ""
    term: str = ""


FIELD_LABELS: Mapping[str, FieldLabel] = {
    "name": FieldLabel(N_("Name")),
    "founding": FieldLabel(N_("Founded")),
    "reporting_currency": FieldLabel(
        N_("Figures in"), help=N_("The currency of every result. Each amount keeps the currency it was stated in.")
    ),
    "currency": FieldLabel(
        N_("Currency"), help=N_("What these amounts are stated in. Changing it keeps the numbers as they are.")
    ),
    "as_of": FieldLabel(N_("Exchange rates of")),
    "usd_per_eur": FieldLabel(N_("US dollars for one euro"), RATE),
    "usd_per_cny": FieldLabel(N_("US dollars for one yuan"), RATE),
    "usd_per_hkd": FieldLabel(N_("US dollars for one Hong Kong dollar"), RATE),
    "horizon_months": FieldLabel(N_("Horizon"), MONTHS, N_("How far the plan looks ahead, at most 120 months.")),
    "opening_cash": FieldLabel(N_("Founders' own cash"), MONEY_MILLION),
    "reserve": FieldLabel(
        N_("Cash reserve"), MONEY_MILLION, N_("Never to be spent on a training run; added to the funds needed.")
    ),
    "raise_lead_months": FieldLabel(
        N_("Time to raise a round"), MONTHS, N_("From the first meeting to the money in the bank, with a margin.")
    ),
    "overhead_per_month": FieldLabel(N_("Overhead a month"), MONEY, N_("Rent, legal, software, travel.")),
    "continues": FieldLabel(
        N_("Continues from"), help=N_("Name of the open model whose weights it starts from; empty for a new model.")
    ),
    "start": FieldLabel(N_("Start")),
    "total_parameters": FieldLabel(N_("Parameters in total"), BILLION),
    "active_parameters": FieldLabel(
        N_("Parameters active for a token"), BILLION, N_("In a dense model all of them."), "active_parameters"
    ),
    "tokens": FieldLabel(N_("Training tokens"), TRILLION, term="token"),
    "accelerator": FieldLabel(N_("Accelerator"), term="accelerator"),
    "peak_flops": FieldLabel(N_("Peak speed (dense, in the run's number format)"), TFLOPS, term="peak_speed"),
    "accelerator_watts": FieldLabel(N_("Power of one accelerator"), WATTS),
    "facility_power_ratio": FieldLabel(
        N_("Facility power / accelerator power"), TIMES, N_("Server around the accelerator times PUE."), "pue"
    ),
    "accelerator_count": FieldLabel(N_("Number of accelerators")),
    "price_per_hour": FieldLabel(N_("Price of an accelerator-hour"), MONEY_PRICE, term="accelerator_hour"),
    "mfu": FieldLabel(
        N_("Whole-run MFU"), PERCENT, N_("Over the whole run: restarts and stalls count as lost."), "mfu"
    ),
    "post_training_share": FieldLabel(
        N_("Post-training compute / pre-training compute"), PERCENT, term="post_training"
    ),
    "experiment_multiplier": FieldLabel(N_("All compute / final run"), TIMES, term="all_compute"),
    "other_infrastructure_multiplier": FieldLabel(
        N_("Whole infrastructure bill / accelerator bill"), TIMES, N_("Storage, network, CPU hosts and support.")
    ),
    "preparation_months": FieldLabel(N_("Months of experiments before the run"), MONTHS),
    "data_cost_per_million_tokens": FieldLabel(N_("Data cost for a million tokens"), MONEY_PRICE),
    "kind": FieldLabel(N_("Kind")),
    "precision": FieldLabel(
        N_("Number format of the training"),
        help=N_("FP8 multiplies twice as fast on paper; the one published run in it was about a sixth faster in all."),
    ),
    "layers": FieldLabel(N_("Layers")),
    "hidden_size": FieldLabel(N_("Width (hidden size)")),
    "vocabulary": FieldLabel(N_("Vocabulary")),
    "heads": FieldLabel(N_("Attention heads")),
    "key_value_heads": FieldLabel(
        N_("Key-value heads"), help=N_("As many as heads, or fewer that groups of heads share (GQA): a smaller cache.")
    ),
    "head_dim": FieldLabel(N_("Width of a head")),
    "feed_forward_width": FieldLabel(N_("Width of the feed-forward")),
    "moe_layers": FieldLabel(
        N_("Layers with experts"), help=N_("Set the experts first: a layer with experts needs them all.")
    ),
    "experts": FieldLabel(N_("Experts a layer")),
    "experts_per_token": FieldLabel(N_("Experts a token meets")),
    "shared_experts": FieldLabel(N_("Experts every token meets")),
    "expert_width": FieldLabel(N_("Width of an expert")),
    "key_value_rank": FieldLabel(N_("Width of compressed keys and values (MLA)")),
    "query_rank": FieldLabel(N_("Width of compressed queries")),
    "rotary_dim": FieldLabel(N_("Rotated part of a head")),
    "value_dim": FieldLabel(N_("Width of a value head")),
    "window": FieldLabel(N_("Attention window, tokens")),
    "windowed_layers": FieldLabel(N_("Layers with a window")),
    "feed_forward": FieldLabel(N_("Form of the feed-forward")),
    "embeddings": FieldLabel(N_("Token tables")),
    "weight": FieldLabel(N_("Weight in the mix"), help=N_("Relative to the other parts: 70 and 30, or 7 and 3.")),
    "keep_rate": FieldLabel(
        N_("Kept of what is paid for"), PERCENT, N_("The rest is filtered out, or a duplicate of something else.")
    ),
    "epochs": FieldLabel(N_("Times each token is seen"), TIMES, term="repeated_data"),
    "fixed_price": FieldLabel(
        N_("Fixed price"), MONEY_MILLION, N_("Paid whatever the number of tokens, such as a licence.")
    ),
    "cleaning_price_per_million_tokens": FieldLabel(
        N_("Cleaning a million tokens"), MONEY_PRICE, N_("Filters and deduplication that the parts' prices leave out.")
    ),
    "storage_price_per_terabyte_month": FieldLabel(N_("Storing a terabyte for a month"), MONEY_PRICE),
    "storage_months": FieldLabel(N_("Months of storage"), MONTHS),
    "egress_price_per_terabyte": FieldLabel(N_("Moving a terabyte out once"), MONEY_PRICE),
    "if_cash_is_short": FieldLabel(N_("If the cash does not cover the run")),
    "research": FieldLabel(N_("Research and engineering of the model")),
    "headcount": FieldLabel(N_("People at the start"), PEOPLE),
    "hires_per_year": FieldLabel(N_("Hires a year"), PEOPLE),
    "yearly_cost": FieldLabel(
        N_("Cost of one person a year"), MONEY, N_("Fully loaded: salary, benefits, taxes, workplace; no shares.")
    ),
    "run": FieldLabel(N_("Model it needs"), help=N_("If that run starts later, the launch moves with it.")),
    "launch": FieldLabel(N_("Launch")),
    "million_tokens_first_month": FieldLabel(N_("Usage in the first month"), MILLION_TOKENS),
    "monthly_growth": FieldLabel(N_("Growth of usage a month, at first"), PERCENT),
    "growth_half_life_months": FieldLabel(N_("Growth halves every"), MONTHS),
    "price_per_million_tokens": FieldLabel(N_("Price of a million tokens"), MONEY_PRICE),
    "serving_cost_per_million_tokens": FieldLabel(N_("Cost of serving a million tokens"), MONEY_PRICE),
    "accelerators_per_replica": FieldLabel(
        N_("Accelerators a replica"),
        help=N_(
            "A replica is one copy of the model. More accelerators hold more and answer sooner, yet lose some speed to "
            "talking to each other: changing this moves the efficiency as the measurements do."
        ),
    ),
    "batch": FieldLabel(
        N_("Requests at once (batch)"),
        help=N_(
            "Answered together by one replica. The weights are read once for all of them: cheaper for each, but slower."
        ),
    ),
    "input_tokens": FieldLabel(N_("Input tokens"), help=N_("Prompt, history and documents of the average request.")),
    "output_tokens": FieldLabel(N_("Output tokens"), help=N_("The average answer, with its reasoning.")),
    "peak_factor": FieldLabel(
        N_("Busiest / average hour"),
        TIMES,
        N_("The fleet is built for the busiest hour and stands idle for part of every other."),
    ),
    "cached_share": FieldLabel(
        N_("Input found in the prefix cache"),
        PERCENT,
        N_("Part of a prompt that was read before and is not computed again; DeepSeek reported 56% in 2025."),
    ),
    "efficiency": FieldLabel(
        N_("Speed reached / roofline"),
        PERCENT,
        N_("Measured systems reach part of it."),
        "roofline",
    ),
    "weight_bytes": FieldLabel(N_("Weights kept in")),
    "cache_bytes": FieldLabel(N_("Key-value cache kept in"), term="kv_cache"),
    "bandwidth_bytes_per_second": FieldLabel(N_("Memory bandwidth"), TERABYTES_PER_SECOND),
    "memory_bytes": FieldLabel(N_("Memory of one accelerator"), GIGABYTES),
    "founder": FieldLabel(N_("Founder")),
    "shares": FieldLabel(N_("Shares")),
    "option_pool_shares": FieldLabel(N_("Option pool at founding"), term="option_pool"),
    "ai_premium": FieldLabel(
        N_("Priced as an AI company"),
        help=N_(
            "Applies each round's AI premium to its valuation. The published medians already contain AI companies, and "
            "the premiums are measured against the others: an upper bound."
        ),
    ),
    "date": FieldLabel(N_("Closes in")),
    "amount": FieldLabel(N_("Amount raised"), MONEY_MILLION),
    "valuation_cap": FieldLabel(N_("Valuation cap"), MONEY_MILLION, N_("Empty: none."), "valuation_cap"),
    "form": FieldLabel(
        N_("What the cap counts"),
        help=N_("The money over a post-money cap is the share it buys; a pre-money SAFE is diluted by the others too."),
    ),
    "mfn": FieldLabel(
        N_("Most favoured nation (MFN)"), help=N_("Cap and discount of a later SAFE come together."), term="mfn"
    ),
    "fixed_share": FieldLabel(
        N_("Fixed share"), PERCENT, N_("Of the company just before the next round, in place of cap and discount.")
    ),
    "maturity_months": FieldLabel(
        N_("Maturity"), MONTHS, N_("Paid back in cash with its interest if no round came by then; 0 for never.")
    ),
    "pre_money": FieldLabel(
        N_("Pre-money valuation"),
        MONEY_MILLION,
        N_("Holds the increase of the option pool and, by the usual reading, converting SAFEs. Empty: by the rule."),
        "pre_money",
    ),
    "discount": FieldLabel(N_("Discount"), PERCENT, term="conversion_discount"),
    "participating": FieldLabel(N_("Participating"), help=N_("Paid twice, as founders say."), term="participation"),
    "participation_cap": FieldLabel(
        N_("Participation ends at"), TIMES, N_("Times the money invested, preference included; 0 for without end.")
    ),
    "seniority": FieldLabel(N_("Seniority"), help=N_("A higher number is paid before a lower one."), term="seniority"),
    "dividend_rate": FieldLabel(
        N_("Cumulative dividend a year"), PERCENT, N_("Added to the preference for every year until the exit.")
    ),
    "dividends": FieldLabel(N_("Dividends on dividends")),
    "anti_dilution": FieldLabel(N_("Anti-dilution"), term="anti_dilution"),
    "pool_target": FieldLabel(
        N_("Option pool after the round"), PERCENT, N_("Unissued pool as a share of the fully diluted capital.")
    ),
    "liquidation_multiple": FieldLabel(
        N_("Liquidation preference"), TIMES, N_("As a multiple of the money invested."), "liquidation_preference"
    ),
    "votes_per_share": FieldLabel(N_("Votes a share")),
    "market": FieldLabel(
        N_("Exchange"), help=N_("The listing waits until one of the exchange's standards is met by the plan's figures.")
    ),
    "ipo_ratchet_return": FieldLabel(N_("Return promised at an IPO"), PERCENT, N_("Empty: no promise."), "ipo_ratchet"),
    "redemption_months": FieldLabel(
        N_("Redemption if not listed after"), MONTHS, N_("0 stands for never."), "redemption"
    ),
    "redemption_return": FieldLabel(N_("Interest owed on redemption a year"), PERCENT),
    "redemption_interest": FieldLabel(N_("That interest is")),
    "redemption_owed_by": FieldLabel(
        N_("Redemption is owed by"),
        help=N_("A company pays from the cash it has; founders pay from what the exit brings them."),
    ),
    "target_months": FieldLabel(
        N_("Revenue target tested after"), MONTHS, N_("A bet on the valuation: 0 for no target.")
    ),
    "target_revenue": FieldLabel(N_("Revenue promised for those twelve months"), MONEY_MILLION),
    "target_paid_in": FieldLabel(
        N_("A missed target is made good in"),
        help=N_("Cash: the missing part of the money. Shares: what the money buys at the lower value."),
    ),
    "compute_share": FieldLabel(
        N_("Part paid in compute"), PERCENT, N_("At list price; it pays compute bills instead of coming as cash.")
    ),
    "compute_expiry_months": FieldLabel(N_("That compute expires after"), MONTHS),
    "payment_months": FieldLabel(N_("Paid over"), MONTHS),
    "expiry_months": FieldLabel(N_("Expire after"), MONTHS, N_("What is left by then is lost.")),
    "usable_share": FieldLabel(
        N_("Part of the compute bill they may pay"), PERCENT, N_("The part that is owed to that provider.")
    ),
    "service_months": FieldLabel(N_("Service due over"), MONTHS, N_("In equal parts, as far as there is revenue.")),
    "share_of_revenue": FieldLabel(N_("Part of revenue paid back"), PERCENT),
    "repayment_multiple": FieldLabel(N_("Paid back in all"), TIMES, N_("Times the money advanced.")),
    "warrants": FieldLabel(
        N_("Warrants measured as"), help=N_("Lenders quote them both ways, ten times apart: ask which is meant.")
    ),
    "warrant_size": FieldLabel(N_("Warrants"), PERCENT, N_("Rights to buy common at the price of the last round.")),
    "minimum_cash_months": FieldLabel(
        N_("Cash covenant"), MONTHS, N_("Months of burn that the company promises to hold in cash; 0 for none.")
    ),
    "breach": FieldLabel(N_("If it holds less, the lender gets")),
    "default_margin": FieldLabel(N_("Default interest on top, a year"), PERCENT),
    "collateral_cost": FieldLabel(
        N_("Accelerators bought with it"),
        MONEY_MILLION,
        N_("Paid on the day of the loan; runs on them cost no rent."),
    ),
    "collateral_retention": FieldLabel(N_("Resale value kept a year"), PERCENT),
    "maximum_loan_to_value": FieldLabel(
        N_("Loan / resale value at most"), PERCENT, N_("What is owed above it is paid back at once; 0 for no limit.")
    ),
    "over_allotment_share": FieldLabel(
        N_("Over-allotment sold"), PERCENT, N_("As a share of what the company sells."), "over_allotment"
    ),
    "revenue_gate": FieldLabel(
        N_("Revenue gate"), MONEY_MILLION, N_("Annual recurring revenue below which this money is not available.")
    ),
    "interest_rate": FieldLabel(N_("Interest a year"), PERCENT),
    "interest_only_months": FieldLabel(N_("Interest only"), MONTHS),
    "amortization_months": FieldLabel(N_("Then repaid over"), MONTHS),
    "upfront_fee_share": FieldLabel(N_("Upfront fee"), PERCENT),
    "end_of_term_fee_share": FieldLabel(N_("End-of-term fee"), PERCENT),
    "coverage_gate": FieldLabel(
        N_("Coverage gate"),
        TIMES,
        N_("Cash flow before training / debt service below which no lender lends; 0 for none."),
    ),
    "secondary_share": FieldLabel(N_("Sold by holders in the offering"), PERCENT, N_("Part of every holder's stock.")),
    "spread": FieldLabel(N_("Underwriting spread"), PERCENT, term="underwriting_spread"),
    "expenses": FieldLabel(N_("Other offering expenses"), MONEY_MILLION),
    "first_day_return": FieldLabel(
        N_("First-day return"), PERCENT, N_("How far the first day's market price lies above the offer price.")
    ),
    "public_cost_per_year": FieldLabel(N_("Cost of being public a year"), MONEY_MILLION),
    "lock_up_months": FieldLabel(N_("Lock-up"), MONTHS, term="lock_up"),
    "founders_discount_rate": FieldLabel(
        N_("Founders' discount rate a year"), PERCENT, N_("For the present value of what founders get.")
    ),
    "forward_revenue_multiple": FieldLabel(N_("Enterprise value / next year's revenue"), TIMES),
    "forward_ebitda_multiple": FieldLabel(N_("Enterprise value / next year's EBITDA"), TIMES),
    "basis": FieldLabel(
        N_("Companies are valued by"),
        help=N_(
            "One rule for every strategy. EBITDA is taken as if no further model were trained: next year's revenue "
            "less serving, people and overhead."
        ),
    ),
    "transaction_cost_share": FieldLabel(N_("Cost of a sale"), PERCENT, N_("Advisers and lawyers.")),
    "option_pool_vested": FieldLabel(N_("Option pool granted and vested at the horizon"), PERCENT),
}

FIELD_LABELS_OF: Mapping[str, FieldLabel] = {
    "serving.peak_flops": FieldLabel(N_("Peak speed (dense, for these weights)"), TFLOPS, term="peak_speed"),
    "parts.price_per_million_tokens": FieldLabel(
        N_("A million tokens cost"), MONEY_PRICE, N_("Tokens paid for, before any is thrown away.")
    ),
    "financings.basis": FieldLabel(
        N_("Reading of the pre-money"),
        help=N_("Whether converting SAFEs and notes are inside it: a matter of contract."),
    ),
    "financings.ai_premium": FieldLabel(N_("AI premium on the valuation"), PERCENT),
    "valuation.discount": FieldLabel(N_("Discount for liquidity and control"), PERCENT),
    **{name: FieldLabel(text, UNITS_OF_RISK[unit], tip) for name, (text, unit, tip) in RISK_LABELS.items()},
}


def field_label(path: str) -> FieldLabel:
    """The label of the field at a path such as "runs.0.mfu"."""
    parts = [part for part in path.split(".") if not part.isdigit()]
    return FIELD_LABELS_OF.get(".".join(parts[-2:])) or FIELD_LABELS.get(parts[-1]) or FieldLabel(path)


def field_help(label: FieldLabel) -> str:
    """What the field's term means and what is to be known of this field, in the session's language."""
    meaning = definition(label.term) if label.term else ""
    return "\n\n".join(text for text in (meaning, words(label.help)) if text)
