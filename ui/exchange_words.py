"""What exchanges and the figures that they ask for are called."""

from collections.abc import Mapping

from ui.language import N_

MARKETS: Mapping[str, str] = {
    "any": N_("any, no rules checked"),
    "nasdaq_global_select": N_("Nasdaq Global Select"),
    "nasdaq_global": N_("Nasdaq Global"),
    "nasdaq_capital": N_("Nasdaq Capital"),
    "hkex_main_board": N_("Hong Kong main board"),
    "hkex_18c": N_("Hong Kong, chapter 18C"),
    "shanghai_star": N_("Shanghai STAR"),
}
FIGURES: Mapping[str, str] = {
    "revenue": N_("revenue"),
    "net_income": N_("net income"),
    "pretax_income": N_("income before tax"),
    "operating_cash_flow": N_("operating cash flow"),
    "rd_share_of_spending": N_("research in all spending"),
    "rd_share_of_revenue": N_("research in revenue"),
    "market_capitalization": N_("market value"),
    "public_float_value": N_("value of the free float"),
    "offering_gross": N_("size of the offering"),
    "offer_price": N_("price of a share"),
    "operating_years": N_("years of business"),
    "total_assets": N_("total assets"),
    "stockholders_equity": N_("shareholders' equity"),
    "sophisticated_investors": N_("sophisticated investors"),
    "approved_product": N_("an approved product"),
}
