"""The luck of each round on every path: when it is tried, whether it closes and at which price.

    log-odds of closing = ln(r / (1 - r)) + a m + b log2(months of cash / 6) + c log2(revenue / gate)
    price = planned x e^(s z + d m) x (months of cash / 6)^k below six months

with r the closing rate, m the market and z the round's own luck, both standard normal; log2 terms are held to three.
A round of rate 1 always closes. `core.plan.risk_defaults` has published figures to start from.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.plan.calendar import months_between
from core.plan.company_state import State, with_row
from core.plan.draws import MARKET, STANDARD_NORMAL_P75, STANDARD_NORMAL_P90, Draws
from core.plan.operating import Floats
from core.plan.round_prices import Flags
from core.plan.scenario import Scenario
from core.plan.strategies import Listing, Note, Preferred, Safe, Strategy
from core.plan.uncertainty import Fundraising

USUAL_MONTHS_OF_CASH = 6.0
MOST_MONTHS_OF_CASH = 48.0
PRESSING_MONTHS_OF_CASH = 2.0
"""Below which a round is tried now, whatever the time it would have taken: the company has no other choice."""
MOST_DOUBLINGS = 3.0
CERTAIN = 30.0  # log-odds beyond which a chance is 0 or 1
TINY = 1e-15


@dataclass(frozen=True)
class RoundRisk:
    """What one round depends on, on every path.

    delay: months after its date at which it is tried; price, market: standard normal
    chance, second_chance, fate: uniform from 0 to 1
    bridge: position of the note that insiders give if it is missed
    """

    model: Fundraising
    delay: NDArray[np.int64]
    price: Floats
    chance: Floats
    second_chance: Floats
    fate: Floats
    market: Floats
    bridge: int


@dataclass(frozen=True)
class Attempt:
    """What comes of a month: where the round closes, at which multiple of its price, and where a bridge is given."""

    closes: Flags
    price: Floats
    bridged: Flags
    ends: Flags


def round_risk(scenario: Scenario, strategy: Strategy, index: int, draws: Draws, bridge: int) -> RoundRisk | None:
    """The luck of one financing; None where nothing is drawn or it is none of those that may fail, as those that have
    closed by the day of the scenario's figures."""
    model, financing = scenario.fundraising, strategy.financings[index]
    if model is None or MARKET not in draws or not isinstance(financing, Preferred | Listing):
        return None
    if scenario.founding < financing.date <= scenario.figures_as_of:
        return None
    at = f"rounds.{index}."
    return RoundRisk(
        model=model,
        delay=_delay(model, strategy, index, draws[at + "time"]),
        price=draws[at + "price"],
        chance=draws[at + "chance"],
        second_chance=draws[at + "second_chance"],
        fate=draws[at + "fate"],
        market=draws[MARKET],
        bridge=bridge,
    )


@dataclass(frozen=True)
class Circumstances:
    """What investors look at: cents that operations take a month, and revenue as a multiple of what they ask for."""

    burn: Floats
    beyond_gate: Floats


def attempt(risk: RoundRisk, state: State, index: int, ready: Flags, now: Circumstances) -> Attempt:
    """What comes of trying a round where it is ready."""
    model, months = risk.model, months_of_cash(state, now.burn)
    odds = _log_odds(model.closing_rate) + model.market_on_chance * risk.market
    odds = odds + model.cash_on_chance * _doublings(months / USUAL_MONTHS_OF_CASH)
    odds = odds + model.revenue_on_chance * _doublings(now.beyond_gate)
    second = state.tries[index] > 0
    luck = np.where(second, risk.second_chance, risk.chance)
    closes = ready & ((model.closing_rate == 1) | (luck < 1 / (1 + np.exp(-odds))))
    missed = ready & ~closes
    bridged = missed & ~second & (risk.fate < model.bridge_share)
    # What is left of the one draw of fate is uniform again among those bridged before, and among those who never are.
    fresh = np.where(
        second,
        risk.fate / max(model.bridge_share, TINY),
        (risk.fate - model.bridge_share) / max(1 - model.bridge_share, TINY),
    )
    down = missed & ~bridged & (fresh < model.down_round_share / max(1 - model.bridge_share, TINY))
    price = _price(model, risk, months)
    return Attempt(
        closes=closes | down,
        price=np.where(down, np.minimum(price, 1.0) * (1 - model.down_round_discount), price),
        bridged=bridged,
        ends=missed & ~bridged & ~down,
    )


def after_attempt(state: State, index: int, tried: Attempt, risk: RoundRisk, month: int) -> State:
    """The company that has tried: where it was bridged it tries again later, where it ends nobody funds it any more."""
    if not (tried.bridged.any() or tried.ends.any()):
        return state
    again = np.where(tried.bridged, month + risk.model.bridge_months, state.next_try[index])
    return replace(
        state,
        tries=with_row(state.tries, index, state.tries[index] + tried.bridged),
        next_try=with_row(state.next_try, index, again),
        bridged=with_row(state.bridged, index, np.where(tried.bridged, month, state.bridged[index])),
        unfunded=state.unfunded | tried.ends,
    )


def bridge_note(strategy: Strategy, index: int, model: Fundraising) -> Note:
    """The note that insiders give when this round is missed; its amount is set when it is given."""
    missed = strategy.financings[index]
    name = f"Bridge: {missed.name}"[:80]
    return Note(
        kind="note", name=name, currency=missed.currency, date=missed.date, amount=1.0, discount=model.bridge_discount
    )


def _delay(model: Fundraising, strategy: Strategy, index: int, luck: Floats) -> NDArray[np.int64]:
    """Whole months by which the time since the last money from investors is longer than planned (log-normal)."""
    earlier = [one for one in strategy.financings[:index] if isinstance(one, Safe | Note | Preferred | Listing)]
    if not earlier or model.time_p75 == 1:
        return np.zeros(len(luck), dtype=np.int64)
    planned = months_between(earlier[-1].date, strategy.financings[index].date)
    longer = model.time_p75 ** (luck / STANDARD_NORMAL_P75) - 1
    return np.asarray(np.ceil(np.maximum(planned * longer, 0)), dtype=np.int64)


def months_of_cash(state: State, burn: Floats) -> Floats:
    """How long the cash lasts at what operations take of late, at most four years, (paths,)."""
    burns = burn > 0
    months = np.maximum(state.cash, 0) / np.where(burns, burn, 1.0)
    return np.asarray(np.where(burns, np.minimum(months, MOST_MONTHS_OF_CASH), MOST_MONTHS_OF_CASH))


def _price(model: Fundraising, risk: RoundRisk, months: Floats) -> Floats:
    low, high = np.log(model.price_p10), np.log(model.price_p90)
    own = (low + high) / 2 + (high - low) / 2 / STANDARD_NORMAL_P90 * risk.price
    short = np.minimum(np.maximum(months, 0.1) / USUAL_MONTHS_OF_CASH, 1.0) ** model.cash_on_price
    return np.asarray(np.exp(own + model.market_on_price * risk.market) * short)


def _doublings(ratio: Floats) -> Floats:
    return np.clip(np.log2(np.maximum(ratio, 1e-3)), -MOST_DOUBLINGS, MOST_DOUBLINGS)


def _log_odds(rate: float) -> float:
    return float(np.clip(np.log(max(rate, TINY) / max(1 - rate, TINY)), -CERTAIN, CERTAIN))
