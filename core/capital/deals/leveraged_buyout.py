"""A leveraged buyout: sources and uses, the operating case, the debt paid down from cash, the exit and who gets it.

    enterprise value = multiple * EBITDA      sponsor's equity = uses - debt - rollover
    free cash flow = EBITDA - capital expenditure - increase of working capital - interest - tax
    equity at exit = multiple * EBITDA - costs of the exit - net debt

All of it is exact in fractions; a rate of return alone is a float. What the cash does not pay for is a gap: then the
deal is not available, and the gap says in which year and by how much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from core.capital.deals.buyout_terms import BuyoutResult, BuyoutYear, Gap, LenderResult, LeveragedBuyout
from core.capital.deals.debt_tranches import Cash, ServedYear, Tranche, serve
from core.capital.deals.operating_case import OperatingYear, operating_years
from core.capital.returns import irrs
from core.errors import InputError


@dataclass(frozen=True)
class _Closing:
    """The purchase: what it is priced on, what every tranche lends, what the equity puts in."""

    ebitda: Fraction
    multiple: Fraction
    value: Fraction
    lent: tuple[Fraction, ...]
    uses: Mapping[str, Fraction]
    sponsor: Fraction
    written_off: Fraction


@dataclass(frozen=True)
class _Exit:
    value: Fraction
    ebitda: Fraction
    cash: Fraction
    owed: Fraction
    paid: Fraction


def leveraged_buyout_outcome(terms: LeveragedBuyout) -> BuyoutResult:
    """Sources and uses, every year, the exit and the returns.

    Raises InputError where EBITDA at the purchase is not positive, or the debt is more than the uses.
    """
    operating = operating_years(terms.operations, terms.years + (terms.exit_basis == "next_year"))
    closing = _closing(terms, operating)
    years, served = _years(terms, closing, operating[: terms.years])
    gaps = _gaps(terms, years)
    exit_ebitda = operating[-1].ebitda
    exit_multiple = None if terms.exit_value is not None else terms.exit_multiple or closing.multiple
    value = exit_multiple * exit_ebitda if exit_multiple is not None else terms.exit_value
    assert value is not None
    owed = tuple(row.closing for row in served[-1].tranches)
    to_all = max(Fraction(0), value * (1 - terms.exit_fee_rate) + served[-1].cash)
    paid = _in_order(owed, to_all)
    exit_equity = to_all - sum(paid, Fraction(0))
    put_in = closing.sponsor + terms.rollover
    options = terms.option_share * max(Fraction(0), exit_equity - terms.option_strike_multiple * put_in)
    rolled = (exit_equity - options) * terms.rollover / put_in if put_in else Fraction(0)
    flows = _sponsor_flows(terms, closing, served, paid, exit_equity - options - rolled)
    invested, back = -flows[0], sum(flows[1:], Fraction(0))
    rates = irrs([float(flow) for flow in flows]) if not gaps else ()
    debt = sum(closing.lent, Fraction(0))
    return BuyoutResult(
        available=not gaps,
        gaps=gaps,
        entry_ebitda=closing.ebitda,
        entry_multiple=closing.multiple,
        enterprise_value=closing.value,
        sources=_sources(terms, closing),
        uses=closing.uses,
        total_sources=sum(_sources(terms, closing).values(), Fraction(0)),
        total_uses=sum(closing.uses.values(), Fraction(0)),
        debt=debt,
        debt_multiple=debt / closing.ebitda,
        equity=put_in,
        equity_share=put_in / sum(closing.uses.values(), Fraction(0)),
        years=years,
        tranche_years=tuple(row for one in served for row in one.tranches),
        debt_repaid=debt - sum(owed, Fraction(0)),
        exit_ebitda=exit_ebitda,
        exit_multiple=value / exit_ebitda if exit_ebitda > 0 else None,
        exit_value=value,
        exit_net_debt=sum(owed, Fraction(0)) - served[-1].cash,
        exit_equity=exit_equity,
        management_at_exit=options + rolled,
        sponsor_at_exit=exit_equity - options - rolled,
        sponsor_flows=flows,
        multiple=back / invested if invested and not gaps else None,
        rate_of_return=rates[0] if len(rates) == 1 else None,
        rates_of_return=rates,
        lenders=_lenders(terms, closing, served, paid),
        value_bridge=_bridge(
            terms, closing, _Exit(value, exit_ebitda, served[-1].cash, sum(owed, Fraction(0)), sum(paid, Fraction(0)))
        ),
    )


def _closing(terms: LeveragedBuyout, operating: Sequence[OperatingYear]) -> _Closing:
    ebitda = terms.operations.first_ebitda if terms.entry_basis == "last_year" else operating[0].ebitda
    if ebitda is None:
        raise InputError("missing", "LeveragedBuyout.operations ebitda", None, "EBITDA of the year before the purchase")
    if ebitda <= 0:
        expected = (
            f"0 < ebitda: {float(-ebitda):g} more and some; without earnings nothing can be borrowed against them"
        )
        raise InputError("out_of_range", "LeveragedBuyout.operations ebitda", ebitda, expected)
    value = terms.purchase_price
    if value is None:
        assert terms.entry_multiple is not None
        value = terms.entry_multiple * ebitda
    lent = tuple(_size(one, ebitda, value) for one in terms.tranches)
    fees = [one.fee_rate * amount for one, amount in zip(terms.tranches, lent, strict=True)]
    uses = {
        "equity purchase": value - terms.existing_net_debt,
        "net debt refinanced": terms.existing_net_debt,
        "transaction fees": terms.transaction_fees + terms.transaction_fee_rate * value,
        "financing fees": sum(fees, Fraction(0)),
        "minimum cash": terms.minimum_cash,
    }
    total, debt = sum(uses.values(), Fraction(0)), sum(lent, Fraction(0))
    if debt + terms.rollover > total:
        expected = f"debt + rollover <= uses, {float(total):g}"
        raise InputError("contradiction", "LeveragedBuyout.tranches", float(debt + terms.rollover), expected)
    capitalized = [fee for one, fee in zip(terms.tranches, fees, strict=True) if one.fee_capitalized]
    written_off = sum(capitalized, Fraction(0)) / terms.years
    return _Closing(ebitda, value / ebitda, value, lent, uses, total - debt - terms.rollover, written_off)


def _size(tranche: Tranche, ebitda: Fraction, price: Fraction) -> Fraction:
    if tranche.amount is not None:
        return tranche.amount
    if tranche.ebitda_multiple is not None:
        return tranche.ebitda_multiple * ebitda
    assert tranche.purchase_share is not None
    return tranche.purchase_share * price


def _sources(terms: LeveragedBuyout, closing: _Closing) -> dict[str, Fraction]:
    lent = {one.name: amount for one, amount in zip(terms.tranches, closing.lent, strict=True)}
    return {**lent, "rollover": terms.rollover, "sponsor equity": closing.sponsor}


def _years(
    terms: LeveragedBuyout, closing: _Closing, operating: Sequence[OperatingYear]
) -> tuple[tuple[BuyoutYear, ...], tuple[ServedYear, ...]]:
    balances, cash, years, served = closing.lent, terms.minimum_cash, [], []
    tranches = terms.tranches
    if terms.cash_flow_after_interest is not None:
        tranches = tuple(replace(one, interest_rate=Fraction(0)) for one in tranches)
    revenue_before = terms.operations.revenue or Fraction(0)
    for year in operating:
        before = _cash_of(terms, closing, year, revenue_before, cash)
        one = serve(year.year, tranches, closing.lent, balances, before)
        years.append(_buyout_year(terms, year, before, one))
        served.append(one)
        balances, cash = tuple(row.closing for row in one.tranches), one.cash
        revenue_before = year.revenue or Fraction(0)
    return tuple(years), tuple(served)


def _cash_of(
    terms: LeveragedBuyout, closing: _Closing, year: OperatingYear, revenue_before: Fraction, opening: Fraction
) -> Cash:
    typed = terms.cash_flow_after_interest or terms.cash_flow_before_interest
    if typed is not None:
        before = typed.in_year(year.year, year.revenue or Fraction(0), revenue_before, year.ebitda)
    else:
        before = year.ebitda - year.capital_expenditure - year.working_capital_increase
    return Cash(
        opening=opening,
        least=terms.minimum_cash,
        before_interest=before,
        taxable=year.ebitda - year.depreciation - closing.written_off,
        tax_rate=Fraction(0) if typed is not None else terms.tax_rate,
        deductible_share=terms.deductible_interest_share,
        deductible_limit=None
        if terms.interest_limit_rate is None
        else terms.interest_limit_rate * max(Fraction(0), year.ebitda),
        on_average=terms.interest_on == "average_balance",
    )


def _buyout_year(terms: LeveragedBuyout, year: OperatingYear, before: Cash, served: ServedYear) -> BuyoutYear:
    interest = sum((row.interest for row in served.tranches), Fraction(0))
    added = sum((row.added_interest for row in served.tranches), Fraction(0))
    due = interest + sum((row.mandatory for row in served.tranches), Fraction(0))
    debt = sum((row.closing for row in served.tranches), Fraction(0))
    typed = terms.cash_flow_before_interest is not None or terms.cash_flow_after_interest is not None
    if terms.cash_flow_after_interest is not None:
        due = Fraction(0)
    return BuyoutYear(
        year=year.year,
        revenue=year.revenue,
        ebitda=year.ebitda,
        depreciation=year.depreciation,
        interest=interest,
        tax=served.tax,
        net_income=None if typed else before.taxable - interest - added - served.tax,
        capital_expenditure=year.capital_expenditure,
        working_capital_increase=year.working_capital_increase,
        free_cash_flow=served.free_cash_flow,
        repaid=sum((row.mandatory + row.swept for row in served.tranches), Fraction(0)),
        cash=served.cash,
        debt=debt,
        leverage=debt / year.ebitda if year.ebitda > 0 else None,
        interest_cover=year.ebitda / interest if interest else None,
        debt_service_cover=(before.before_interest - served.tax) / due if due else None,
    )


def _gaps(terms: LeveragedBuyout, years: Sequence[BuyoutYear]) -> tuple[Gap, ...]:
    found = []
    for year in years:
        if year.ebitda <= 0:
            found.append(Gap(year.year, "ebitda", year.ebitda, Fraction(0), -year.ebitda))
        if year.cash < terms.minimum_cash:
            missing = terms.minimum_cash - year.cash
            found.append(Gap(year.year, "cash", year.cash, terms.minimum_cash, missing))
        cover = year.debt_service_cover
        if terms.least_cover is not None and cover is not None and cover < terms.least_cover:
            found.append(Gap(year.year, "debt_service_cover", cover, terms.least_cover, terms.least_cover - cover))
    return tuple(found)


def _in_order(owed: Sequence[Fraction], available: Fraction) -> tuple[Fraction, ...]:
    """What each tranche is paid, senior debt first."""
    paid = []
    for one in owed:
        paid.append(min(one, available))
        available -= paid[-1]
    return tuple(paid)


def _sponsor_flows(
    terms: LeveragedBuyout,
    closing: _Closing,
    served: Sequence[ServedYear],
    paid: Sequence[Fraction],
    equity: Fraction,
) -> tuple[Fraction, ...]:
    """Equity and shareholder's loans, year 0 to the exit."""
    own = [number for number, one in enumerate(terms.tranches) if one.held_by_sponsor]
    loans = [_flows_of(terms, closing, served, paid, number) for number in own]
    flows = [-closing.sponsor, *([Fraction(0)] * (terms.years - 1)), equity]
    return tuple(sum(flow, Fraction(0)) for flow in zip(flows, *loans, strict=True))


def _flows_of(
    terms: LeveragedBuyout, closing: _Closing, served: Sequence[ServedYear], paid: Sequence[Fraction], number: int
) -> list[Fraction]:
    """A lender's flows, year 0 to the exit."""
    rows = [one.tranches[number] for one in served]
    flows = [row.interest + row.mandatory + row.swept for row in rows]
    flows[-1] += paid[number]
    return [-closing.lent[number] * (1 - terms.tranches[number].fee_rate), *flows]


def _lenders(
    terms: LeveragedBuyout, closing: _Closing, served: Sequence[ServedYear], paid: Sequence[Fraction]
) -> tuple[LenderResult, ...]:
    found = []
    for number, one in enumerate(terms.tranches):
        rates = irrs([float(flow) for flow in _flows_of(terms, closing, served, paid, number)])
        owed = served[-1].tranches[number].closing
        rate = rates[0] if len(rates) == 1 else None
        found.append(LenderResult(one.name, closing.lent[number], owed, paid[number], rate))
    return tuple(found)


def _bridge(terms: LeveragedBuyout, closing: _Closing, sale: _Exit) -> dict[str, Fraction]:
    """Gain of the equity by cause. Where EBITDA is not positive there is no multiple, and none has changed."""
    multiple = sale.value / sale.ebitda if sale.ebitda > 0 else closing.multiple
    debt = sum(closing.lent, Fraction(0))
    fees = closing.uses["transaction fees"] + closing.uses["financing fees"]
    costs = sale.value * terms.exit_fee_rate
    equity = max(Fraction(0), sale.value - costs + sale.cash) - sale.paid
    gain = equity - closing.sponsor - terms.rollover
    causes = {
        "EBITDA growth": (sale.ebitda - closing.ebitda) * closing.multiple,
        "multiple change": (multiple - closing.multiple) * closing.ebitda,
        "growth and multiple together": (sale.ebitda - closing.ebitda) * (multiple - closing.multiple),
        "net debt paid down": debt - terms.minimum_cash - (sale.owed - sale.cash),
        "fees": -fees - costs,
        "borne by lenders": sale.owed - sale.paid,
    }
    return {**causes, "not explained": gain - sum(causes.values(), Fraction(0)), "gain of the equity": gain}
