"""What deals are called on a page: markets, figures that are missing, why terms do not fit together."""

from collections.abc import Mapping
from fractions import Fraction

from core.errors import InputError
from core.plan.exits import Missing
from core.plan.values import Currency
from ui import formats
from ui.errors import SENTENCES, error_text, expectation
from ui.language import N_, words

EXITS = {
    "sale": N_("Sale"),
    "buyout": N_("Leveraged buyout (LBO)"),
    "listing": N_("Initial public offering (IPO)"),
    "licence": N_("Licence and hire"),
}
MARKETS = {
    "nasdaq_global_select": N_("Nasdaq Global Select"),
    "nasdaq_global": N_("Nasdaq Global Market"),
    "nasdaq_capital": N_("Nasdaq Capital Market"),
    "hkex_main_board": N_("Hong Kong Main Board"),
    "hkex_18c": N_("Hong Kong Chapter 18C"),
    "shanghai_star": N_("Shanghai STAR Market"),
}
STANDARDS = {
    "1_profit_and_revenue": N_("1 · profit and revenue"),
    "1_profit_of_two_years": N_("1 · profit of two years"),
    "2_revenue_and_research": N_("2 · revenue and research"),
    "3_revenue_and_cash_flow": N_("3 · revenue and cash flow"),
    "4_revenue": N_("4 · revenue"),
    "5_technology": N_("5 · technology"),
    "assets": N_("assets"),
    "assets_and_revenue": N_("assets and revenue"),
    "cash_flow": N_("cash flow"),
    "commercial": N_("commercial company"),
    "earnings": N_("earnings"),
    "equity": N_("equity"),
    "income": N_("income"),
    "market_value": N_("market value"),
    "net_income": N_("net income"),
    "pre_commercial": N_("pre-commercial company"),
    "pre_commercial_with_revenue": N_("pre-commercial company with revenue"),
    "profit": N_("profit"),
    "revenue": N_("revenue"),
    "revenue_and_cash_flow": N_("revenue and cash flow"),
}
FIGURES = {
    "market_capitalization": N_("market capitalisation"),
    "public_float_value": N_("value of shares in public hands"),
    "offering_gross": N_("size of the offering"),
    "offer_price": N_("offer price"),
    "operating_years": N_("years in operation"),
    "total_assets": N_("total assets"),
    "stockholders_equity": N_("shareholders' equity"),
    "sophisticated_investors": N_("sophisticated independent investors"),
    "approved_product": N_("approved product"),
    "revenue": N_("revenue"),
    "net_income": N_("net income"),
    "pretax_income": N_("income before tax"),
    "operating_cash_flow": N_("operating cash flow"),
    "rd_share_of_spending": N_("research as a share of spending"),
    "rd_share_of_revenue": N_("research as a share of revenue"),
    "ebitda": N_("EBITDA of the next twelve months"),
    "cash": N_("cash"),
    "debt_service_cover": N_("debt service cover (DSCR)"),
    "value": N_("value by the plan's rule"),
    "headline": N_("what a buyer would pay"),
}
PERIODS = {
    "at_listing": N_("at listing"),
    "latest_year": N_("latest year"),
    "latest_or_2_of_3_years": N_("latest year, or two of three"),
    "2_of_3_years": N_("two of three years"),
    "each_of_2_years": N_("each of two years"),
    "each_of_3_years": N_("each of three years"),
    "sum_of_2_years": N_("two years together"),
    "sum_of_2_years_before": N_("the two years before together"),
    "sum_of_3_years": N_("three years together"),
}
NOTHING_OF = {
    "listed": N_("it is listed already"),
    "round": N_("no preferred round has closed"),
    "series": N_("it has no preferred series"),
}
YEARS = "operating_years"
SHARES_OF = ("rd_share_of_spending", "rd_share_of_revenue")
YES_OR_NO = ("sophisticated_investors", "approved_product")
NEEDS_OTHERS = ("offer_price", "sophisticated_investors")


FIXED_REFUSALS = {
    "LeveragedBuyout.tranches": N_("The loans are more than the purchase needs: lower the debt or raise the price."),
    "GrowthEquity.guaranteed_return": N_("The promise cannot be kept: no number of new shares is worth that much."),
    "GrowthEquity.guaranteed_multiple": N_("The promise cannot be kept: no number of new shares is worth that much."),
}


def missing_text(one: Missing) -> str:
    """Such as "Nasdaq Global Market · income: size of the offering is $14.6M, $15M needed"."""
    if one.figure in NOTHING_OF:
        return words(NOTHING_OF[one.figure])
    if one.figure in YES_OR_NO:
        text = words("{figure} needed").format(figure=words(FIGURES[one.figure]))
    elif one.found is None:
        text = words("{figure} not known, {needed} needed")
    elif one.needed == 0:
        text = words("{figure} is {found}, above zero needed")
    else:
        text = words("{figure} is {found}, {needed} needed")
    text = text.format(
        figure=words(FIGURES[one.figure]),
        found="" if one.found is None else figure_text(one.figure, float(one.found), one.unit),
        needed="" if one.needed is None else figure_text(one.figure, float(one.needed), one.unit),
    )
    if not one.market:
        return text
    return f"{words(MARKETS[one.market])} · {words(STANDARDS[one.standard])}" + words(": ") + text


def figure_text(figure: str, value: float, unit: str) -> str:
    """A figure in its own unit."""
    if figure in YES_OR_NO:
        return words("yes") if value else words("no")
    if figure in SHARES_OF:
        return formats.percent(value)
    if unit:
        currency: Currency = unit  # type: ignore[assignment]
        return formats.money(value, currency)
    return formats.decimal(value, 2) + (" ×" if figure == "debt_service_cover" else "")


def refusal(error: InputError) -> str:
    """A sentence for terms that have no outcome; other faults as everywhere."""
    place, value = error.field, error.value
    if place == "IpoRatchet.pre_money" and error.code == "contradiction":
        promised = error.expected.partition("= ")[2].partition(" <")[0]
        text = words("No price exists: the guarantees promise {promised}, more than the company is worth ({value}).")
        return formats.in_markdown(text.format(promised=_plain(promised), value=_plain(value)))
    if place == "LeveragedBuyout.operations ebitda":
        text = words("Not available: EBITDA is {value}, and lenders lend against earnings. It takes more than zero.")
        return formats.in_markdown(text.format(value=_plain(value)))
    fixed = FIXED_REFUSALS.get(place)
    if fixed:
        return words(fixed)
    if error.code == "over_100_percent":
        text = words("The investor would need the whole company: {expected}.")
        return text.format(expected=expectation(error))
    known = field_words(place)
    if not known:
        return error_text(error)
    text = words("**{field}** {fault}. Given: `{value}`. Expected: `{expected}`.")
    shown = f"{float(value):.12g}" if isinstance(value, Fraction) else value
    return text.format(field=known, fault=words(SENTENCES[error.code]), value=shown, expected=expectation(error))


FIELD_WORDS: Mapping[str, str] = {
    "range_low": N_("Range from"),
    "range_high": N_("Range to"),
    "offer_price": N_("Offer price"),
    "primary_shares": N_("New shares (primary)"),
    "shares_before": N_("Shares before the offering"),
    "over_allotment_shares": N_("Over-allotment option"),
    "offer_size_adjustment_shares": N_("Offer size adjustment"),
    "cornerstones": N_("Cornerstones"),
    "growth_rate": N_("Growth for ever"),
    "investment": N_("Investment"),
    "amount": N_("Amount"),
    "paid_on": N_("Redemption requested on"),
    "figure": N_("Own figure"),
    "shares_after": N_("Shares after the offering"),
    "revenue": N_("Revenue now"),
    "secondary": N_("Bought from holders"),
    "pre_money": N_("Pre-money"),
    "purchase_price": N_("Price (enterprise value)"),
    "entry_multiple": N_("Price, times EBITDA"),
    "upfront_fee": N_("Fee at closing, as a sum"),
    "years": N_("Exit after"),
    "discount_rate": N_("Discount rate"),
}


def field_words(place: str) -> str:
    """The name of a deal's term, "" where it has none here."""
    return words(FIELD_WORDS[place.rpartition(".")[2]]) if place.rpartition(".")[2] in FIELD_WORDS else ""


def _plain(number: object) -> str:
    """A number that an error carries, as people read it."""
    try:
        return formats.quantity(float(_fraction(str(number))))
    except ValueError:
        return str(number)


def _fraction(text: str) -> float:
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)
