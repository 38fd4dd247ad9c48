"""What everybody gets at the horizon, on every path at once: the float twin of `core.capital.waterfall` for plans.

With a set S of classes converted, paying common a price p takes

    needed(p) = debt + cash of all that keep theirs + p x shares in common + what participants and options add,

a rising line with bends. A class gains from converting beside S where the money is above needed(p*) with it converted,
p* being what it gives up over its shares (see `core.capital.sale_game`); the choices are looked for from none on.
Outstanding SAFEs and notes without a cap take their cash.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.plan.calendar import MONTHS_PER_YEAR
from core.plan.company_state import DAYS_PER_YEAR, Convertibles, as_converted, converting, with_interest
from core.plan.operating import CENTS_PER_UNIT, Cents, Floats
from core.plan.round_prices import TIE, Flags
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation
from core.plan.strategies import Preferred
from core.plan.valuation_rule import value_of
from core.plan.values import exact

MOST_MONEY, FEWEST_SHARES = 1e25, 1e-9  # in place of infinity and nothing, which no price can be made of


@dataclass(frozen=True)
class Classes:
    """What may be paid, (classes, paths); common: shares of common outright, (paths,).

    cash: of a preference, a SAFE or a note; shares: as converted; limit: all that it may get without converting
    part: of all that counts, in place of shares; rank: a higher one is paid first; takes_part: without converting
    options, strikes: rights on common, (rights, paths)
    """

    common: Floats
    cash: Floats
    shares: Floats
    part: Floats
    limit: Floats
    rank: Floats
    takes_part: Flags
    options: Floats
    strikes: Floats


@dataclass(frozen=True)
class Payouts:
    """What a share of common and each class get, (paths,) and (classes, paths); converted: who chose common."""

    common_price: Floats
    classes: Floats
    converted: Flags


def share_out(money: Floats, classes: Classes) -> Payouts:
    """Shares out what debt and costs leave."""
    converted = np.zeros(classes.cash.shape, dtype=bool)
    able = (classes.shares > 0) | (classes.part > 0)
    for _ in range(len(converted)):
        gains = np.array([_gains(money, classes, converted, one) for one in range(len(converted))]).reshape(able.shape)
        better = converted | (gains & able)
        if (better == converted).all():
            break
        # One at a time, the class with the least to give up for a share first: the others may then not want to.
        converted = _with_first(classes, converted, better)
    price = _price(money, classes, converted)
    shares = _shares(classes, converted)
    kept = _cash_paid(money, classes, converted)
    beside = np.minimum(price * shares, np.maximum(classes.limit - classes.cash, 0))
    paid = np.where(converted, price * shares, kept + np.where(classes.takes_part, beside, 0.0))
    return Payouts(price, paid, converted)


def _with_first(classes: Classes, converted: Flags, better: Flags) -> Flags:
    given_up = np.where(classes.takes_part, np.minimum(classes.limit, MOST_MONEY), classes.cash)
    each = given_up / np.maximum(_shares(classes, better), FEWEST_SHARES)
    each = np.where(better & ~converted, each, np.inf)
    first = np.arange(len(converted))[:, None] == each.argmin(axis=0)
    return np.asarray(converted | (first & better))


def _gains(money: Floats, classes: Classes, converted: Flags, one: int) -> Flags:
    """Where the class gets more by converting too."""
    beside = converted.copy()
    beside[one] = True
    shares = _shares(classes, beside)
    given_up = np.where(classes.takes_part[one], classes.limit[one], classes.cash[one])
    price = np.minimum(given_up, MOST_MONEY) / np.maximum(shares[one], FEWEST_SHARES)
    return np.asarray(~converted[one] & (money > _needed(price, classes, beside, shares) * (1 + TIE)))


def _shares(classes: Classes, converted: Flags) -> Floats:
    """Shares of common of each class that has or takes them: SAFEs have a part of all that counts."""
    counted = np.where(converted | classes.takes_part, classes.shares, 0.0).sum(axis=0)
    counted = counted + classes.common + classes.options.sum(axis=0)
    parts = np.where(converted, classes.part, 0.0)
    whole = counted / np.maximum(1 - parts.sum(axis=0), 1e-9)
    return np.asarray(np.where(classes.part > 0, classes.part * whole, classes.shares))


def _needed(price: Floats, classes: Classes, converted: Flags, shares: Floats) -> Floats:
    """The money at which a share of common gets so much."""
    keeps = np.where(converted, 0.0, classes.cash).sum(axis=0)
    beside = np.minimum(price * shares, np.maximum(classes.limit - classes.cash, 0))
    participants = np.where(classes.takes_part & ~converted, beside, 0.0).sum(axis=0)
    in_common = np.where(converted, shares, 0.0).sum(axis=0) + classes.common
    options = (classes.options * np.maximum(price - classes.strikes, 0)).sum(axis=0)
    return np.asarray(keeps + participants + price * in_common + options)


def _price(money: Floats, classes: Classes, converted: Flags) -> Floats:
    """What a share of common gets: the needed money inverted, bend by bend."""
    shares = _shares(classes, converted)
    bends = np.maximum(classes.limit - classes.cash, 0) / np.maximum(shares, FEWEST_SHARES)
    bends = np.where(classes.takes_part & ~converted & np.isfinite(bends), bends, 0.0)
    points = np.sort(np.concatenate([np.zeros((1, len(money))), bends, classes.strikes]), axis=0)
    last = points[-1] * 2 + 1
    points = np.concatenate([points, last[None]])
    needed = np.array([_needed(point, classes, converted, shares) for point in points])
    segment = np.clip((needed <= money).sum(axis=0) - 1, 0, len(points) - 2)
    every = np.arange(len(money))
    low, high = needed[segment, every], needed[segment + 1, every]
    width = points[segment + 1, every] - points[segment, every]
    slope = np.where(width > 0, (high - low) / np.where(width > 0, width, 1.0), 1.0)
    price = points[segment, every] + (money - low) / np.maximum(slope, FEWEST_SHARES)
    return np.asarray(np.where(money > needed[0], price, 0.0))


def _cash_paid(money: Floats, classes: Classes, converted: Flags) -> Floats:
    """The cash of those who keep it, rank by rank from above, in proportion where it is short."""
    due = np.where(converted, 0.0, classes.cash)
    left, paid = money.copy(), np.zeros_like(due)
    for rank in np.unique(classes.rank)[::-1]:
        of_rank = np.where(classes.rank == rank, due, 0.0)
        total = of_rank.sum(axis=0)
        part = np.where(total > 0, np.minimum(left, total) / np.where(total > 0, total, 1.0), 0.0)
        paid += of_rank * part
        left = left - total * part
    return paid


@dataclass(frozen=True)
class _PreferredTerms:
    cash: Floats
    limit: Floats
    rank: Floats
    takes_part: Flags


def founders_exit(scenario: Scenario, simulation: Simulation, multiple: Floats, discount: Floats) -> Floats:
    """What the founders get at the horizon on every path, before tax; nothing where the company ran dry.

    multiple, discount: of the valuation rule, (paths,)
    """
    rule, final = scenario.valuation, simulation.final
    listed = simulation.listed < simulation.months
    earned = simulation.forward_revenue if rule.basis == "revenue" else simulation.forward_ebitda
    worth = value_of(earned / CENTS_PER_UNIT, multiple, np.where(listed, 0.0, discount))
    costs = np.where(listed, 0.0, worth * rule.transaction_cost_share)
    owned = (simulation.cash[-1] - simulation.debt) / CENTS_PER_UNIT
    money = np.where(simulation.dry == simulation.months, np.maximum(worth + owned - costs, 0.0), 0.0)
    founders = [row for row, holder in enumerate(scenario.holders) if holder.founder]
    price = share_out(money, classes_at_horizon(scenario, simulation)).common_price
    return np.asarray(price * final.shares[founders].sum(axis=0))


def classes_at_horizon(scenario: Scenario, simulation: Simulation) -> Classes:
    """Common with the vested part of the pool, then each financing as series, SAFE or note, on every path."""
    final, holders = simulation.final, len(scenario.holders) + 1
    pool = final.shares[holders - 1]
    vested = np.floor(pool * float(exact(scenario.valuation.option_pool_vested)) * (1 + TIE))
    stock = np.floor(as_converted(final, holders) * (1 + TIE))
    series = final.sold_in >= 0
    outright = final.shares[: holders - 1].sum(axis=0) + vested + final.common.sum(axis=0)
    outright = outright + np.where(series, 0.0, stock).sum(axis=0)
    terms = _preferred_terms(simulation)
    held = final.convertibles
    rows = np.flatnonzero((held.principal > 0).any(axis=1))
    parts = converting(_accrued(simulation), rows)
    outstanding = np.zeros(stock.shape, dtype=bool)
    outstanding[rows] = held.principal[rows] > 0
    part, by_count, owed = (np.zeros_like(stock) for _ in range(3))
    part[rows] = parts.capitalization_part
    stood = outright + np.where(series, stock, 0.0).sum(axis=0) + final.warrants.sum(axis=0)
    by_count[rows] = parts.pre_money_part * stood + parts.pool_part * (stood - vested + pool)
    owed[rows] = parts.dollars
    return Classes(
        common=outright,
        cash=np.where(series, terms.cash, np.where(outstanding, owed, 0.0)),
        shares=np.where(series, stock, by_count),
        part=np.where(outstanding, part, 0.0),
        limit=np.where(series, terms.limit, np.inf),
        rank=np.where(series, terms.rank, np.where(held.note & outstanding, 1e6, -1.0)),
        takes_part=series & terms.takes_part,
        options=final.warrants,
        strikes=final.strike,
    )


def _preferred_terms(simulation: Simulation) -> _PreferredTerms:
    """Preference with dividends, limit, rank and participation of each series, by the round whose terms it has."""
    final = simulation.final
    cash, rank = np.zeros_like(final.invested), np.zeros_like(final.invested)
    limit, takes_part = np.full_like(final.invested, np.inf), np.zeros(final.invested.shape, dtype=bool)
    for terms in simulation.terms:
        document = terms.financing
        if not isinstance(document, Preferred):
            continue
        has = final.sold_in == terms.index
        accrued = _dividends(document, terms.month_starts, simulation.closed[terms.index], simulation.months)
        cash = np.where(has, final.invested * (document.liquidation_multiple + accrued), cash)
        rank = np.where(has, float(document.seniority), rank)
        takes_part |= has & document.participating
        if document.participating and document.participation_cap:
            limit = np.where(has, final.invested * document.participation_cap, limit)
    return _PreferredTerms(cash, limit, rank, takes_part)


def _dividends(document: Preferred, month_starts: NDArray[np.int64], closed: Cents, months: int) -> Floats:
    """Accrued to the horizon, as a multiple of the money invested, (paths,)."""
    since = np.minimum(closed, months)
    if document.dividends == "simple":
        return np.asarray(document.dividend_rate * (month_starts[months] - month_starts[since]) / DAYS_PER_YEAR)
    years = (months - since) // MONTHS_PER_YEAR
    days = month_starts[months] - month_starts[since + years * MONTHS_PER_YEAR]
    grown = (1 + document.dividend_rate) ** years * (1 + document.dividend_rate * days / DAYS_PER_YEAR)
    return np.asarray(grown - 1)


def _accrued(simulation: Simulation) -> Convertibles:
    """SAFEs and notes with their interest until the horizon; none where nothing is financed."""
    if not simulation.terms:
        return simulation.final.convertibles
    return with_interest(simulation.final, simulation.months, simulation.terms[0].month_starts)
