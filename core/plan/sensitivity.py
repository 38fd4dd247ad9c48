"""Which numbers matter: one at a time (tornado), all at once (Sobol indices), two against each other (heat map).

A result is one of `core.plan.points.RESULTS`, of one strategy. Numbers that are not varied keep their plain values, so
all but the chance of running dry are of the plan without luck.

Sobol indices split the variance of a result Y among independent inputs (Saltelli et al. 2010, Comput. Phys. Commun.
181:259-270, the estimators of `scipy.stats.sobol_indices`):
    S_i = V[E(Y | X_i)] / V[Y]: by the input alone; ST_i = E[V(Y | all but X_i)] / V[Y]: with all its interactions.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from core.errors import InputError
from core.plan.calendar import month_after, months_between
from core.plan.draws import MARKET, Draws, from_normal
from core.plan.fields import field_bounds, field_value
from core.plan.operating import Floats
from core.plan.outcomes_on_paths import OnPaths, is_drawn
from core.plan.points import RESULTS, Point, evaluated, position_of, results
from core.plan.scenario import Scenario
from core.plan.strategies import Listing, Preferred, Strategy
from core.plan.uncertainty import DRAWN_FIELDS

STEP = 0.2  # of a number without a range, up and down
FEWEST_POWER, MOST_POWER = 5, 10  # the intervals take time with the square of the paths
RESAMPLES = 300
INPUTS_AT_ONCE = 2_000
LONGEST_DELAY_MONTHS = 12
WIDEST_AXIS = 0.5  # of a number without a range, down and up
MOST_STEPS = 41


@dataclass(frozen=True)
class Variation:
    """One number at the ends of its range: what is put in, and the result; `error` where one end cannot be evaluated.

    base: the result with every number at its plain value
    """

    field: str
    low_input: float
    high_input: float
    low: float | None
    high: float | None
    base: float
    error: InputError | None = None

    @property
    def swing(self) -> float:
        """The width of what the result reaches, the base included."""
        reached = [self.base, *(one for one in (self.low, self.high) if one is not None)]
        return max(reached) - min(reached)


@dataclass(frozen=True)
class Tornado:
    """Variations, the widest swing first; those with an error stand last."""

    result: str
    base: float
    variations: tuple[Variation, ...]


@dataclass(frozen=True)
class Index:
    """One input's part in the variance, first-order and total, with 95 % bootstrap intervals.

    input: a field, "market", or a round's luck as "rounds.0.time" (when), "price", or "chance" (whether it closes and,
        if it is missed, what becomes of it)
    """

    input: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


@dataclass(frozen=True)
class Sobol:
    """Indices, the largest total first; all are zero where the result never varies. evaluations: paths simulated."""

    result: str
    mean: float
    standard_deviation: float
    evaluations: int
    indices: tuple[Index, ...]


@dataclass(frozen=True)
class HeatMap:
    """A result over two fields: a row for each value of y and in it a value for each of x, None for one of `errors`.

    A date is given as months of delay; what is planned after it is delayed as much.
    """

    result: str
    x_field: str
    y_field: str
    x_values: tuple[float, ...]
    y_values: tuple[float, ...]
    values: tuple[tuple[float | None, ...], ...]
    errors: Mapping[tuple[int, int], InputError]


def tornado(
    scenario: Scenario,
    strategy: Strategy,
    result: str,
    fields: Sequence[str] | None = None,
    *,
    paths: int = 500,
    seed: int = 1,
) -> Tornado:
    """Each field at its 10th and 90th percentile, the others at their plain values.

    Without `fields`: all ranges; in a scenario without any, a fifth down and up of every number that then matters. A
    field without a range goes a fifth down and up. Values are held to the field's bounds. `paths` and `seed` count for
    the chance of running dry alone. Raises InputError where the plain scenario cannot be simulated, or for a field that
    is not a number the simulation draws.
    """
    _check_result(result)
    position = position_of(scenario, strategy)
    ranged = tuple(one.field for one in scenario.uncertainty)
    chosen = tuple(fields) if fields is not None else ranged or tuple(drawn_numbers(scenario, position))
    ends = {field: _ends(scenario, field) for field in chosen}
    points: list[Point] = [{}, *({field: value} for field in chosen for value in ends[field])]
    base, *found = results(scenario, position, points, result, paths=paths, seed=seed)
    if isinstance(base, InputError):
        raise base
    variations = []
    for field, low, high in zip(chosen, found[::2], found[1::2], strict=True):
        error = next((one for one in (low, high) if isinstance(one, InputError)), None)
        at_low, at_high = (None if isinstance(one, InputError) else one for one in (low, high))
        variations.append(Variation(field, *ends[field], low=at_low, high=at_high, base=base, error=error))
    if fields is None and not ranged:
        variations = [one for one in variations if one.swing or one.error]
    variations.sort(key=lambda one: (one.error is not None, -one.swing))
    return Tornado(result, base, tuple(variations))


def sobol(scenario: Scenario, strategy: Strategy, result: str, paths_power: int = 8, *, seed: int = 1) -> Sobol:
    """What the ranges, the market and the luck of rounds have each to do with a result, from 2^paths_power x (inputs
    + 2) paths. Of the chance of running dry it is the variance of "runs dry", 0 or 1.

    Each range has a variable of its own; what it shares with the market counts as the market's. Raises InputError where
    nothing is uncertain, or where any path cannot be simulated.
    """
    _check_result(result)
    if not FEWEST_POWER <= paths_power <= MOST_POWER:
        raise InputError("out_of_range", "paths_power", paths_power, f"{FEWEST_POWER} <= power <= {MOST_POWER}")
    inputs = _inputs(scenario, strategy)
    if not inputs:
        raise InputError("missing", "uncertainty", (), "ranges, or fundraising that may fail")

    def results_of(variables: Floats) -> Floats:
        parts = []
        for first in range(0, variables.shape[1], INPUTS_AT_ONCE):
            part = dict(zip(inputs, variables[:, first : first + INPUTS_AT_ONCE], strict=True))
            paths = len(next(iter(part.values())))
            parts.append(RESULTS[result](OnPaths(scenario, strategy, _draws(scenario, strategy, part, paths), paths)))
        return np.concatenate(parts)

    uniform = [name.rpartition(".")[2] in ("chance", "second_chance", "fate") for name in inputs]
    return sobol_of(results_of, inputs, uniform, power=paths_power, seed=seed, result=result)


def sobol_of(
    function: Callable[[Floats], Floats],
    inputs: Sequence[str],
    uniform: Sequence[bool],
    *,
    power: int,
    seed: int,
    result: str = "",
) -> Sobol:
    """Indices of a function from (inputs, n) to (n,); an input is uniform on [0, 1] or standard normal."""
    from scipy.stats import DegenerateDataWarning, norm, sobol_indices  # noqa: PLC0415 - 1.5 s that no page should wait for
    from scipy.stats import uniform as uniform_on_01  # noqa: PLC0415

    seen: list[Floats] = []

    def noted(variables: Floats) -> Floats:
        seen.append(function(variables[: len(inputs)]))
        return seen[-1].copy()  # the estimator takes the mean off in place

    distributions = [uniform_on_01() if flat else norm() for flat in uniform]
    if len(inputs) == 1:
        distributions.append(norm())  # the estimator cannot do with one input: one that changes nothing beside it
    with np.errstate(all="ignore"), warnings.catch_warnings():  # what never varies is told apart below
        warnings.simplefilter("ignore", DegenerateDataWarning)  # an input that changes nothing
        found = sobol_indices(func=noted, n=2**power, dists=distributions, rng=np.random.default_rng(seed))
        every = np.concatenate([one.ravel() for one in seen])
        if np.ptp(every) > 0:
            intervals = found.bootstrap(n_resamples=RESAMPLES)
    spread = (float(every.mean()), float(every.std()), len(every))
    if not np.ptp(every) > 0:
        return Sobol(result, *spread, tuple(Index(name, *[0.0] * 6) for name in inputs))
    columns = []
    for values, interval in (
        (found.first_order, intervals.first_order.confidence_interval),
        (found.total_order, intervals.total_order.confidence_interval),
    ):
        ends = (np.ravel(end) for end in (interval.low, interval.high))
        columns += [np.ravel(values), *(np.where(np.isnan(end), np.ravel(values), end) for end in ends)]
    figures = np.transpose(columns)[: len(inputs)]
    rows = [Index(name, *map(float, row)) for name, row in zip(inputs, figures, strict=True)]
    return Sobol(result, *spread, tuple(sorted(rows, key=lambda one: -one.total)))


def heat_map(
    scenario: Scenario,
    strategy: Strategy,
    result: str,
    x_field: str | None = None,
    y_field: str | None = None,
    *,
    steps: int = 7,
    paths: int = 200,
    seed: int = 1,
) -> HeatMap:
    """A result over `steps` values of two fields each: percentiles 10 to 90 of a range, half to one and a half times a
    number without one, 0 to 12 months of delay for the date of a financing.

    Without fields: those of `default_axes`.
    """
    _check_result(result)
    if not 2 <= steps <= MOST_STEPS:
        raise InputError("out_of_range", "steps", steps, f"2 <= steps <= {MOST_STEPS}")
    position = position_of(scenario, strategy)
    if x_field is None or y_field is None:
        x_default, y_default = default_axes(scenario, strategy)
        x_field, y_field = x_field or x_default, y_field or y_default
    if x_field == y_field:
        raise InputError("duplicate_name", "y_field", y_field, "a field of its own")
    x_values, y_values = (_axis(scenario, field, steps) for field in (x_field, y_field))
    points = [
        {**_change(scenario, y_field, y), **_change(scenario, x_field, x)} for y, x in product(y_values, x_values)
    ]
    found = results(scenario, position, points, result, paths=paths, seed=seed)
    errors = {divmod(place, len(x_values)): one for place, one in enumerate(found) if isinstance(one, InputError)}
    plain = [None if isinstance(one, InputError) else one for one in found]
    rows = tuple(tuple(plain[first : first + len(x_values)]) for first in range(0, len(plain), len(x_values)))
    return HeatMap(result, x_field, y_field, x_values, y_values, rows, errors)


def default_axes(scenario: Scenario, strategy: Strategy) -> tuple[str, str]:
    """The price of the next run's accelerators and the delay of the next financing, as far as there are any to come;
    in their place other numbers of the plan. Raises InputError where it has fewer than two."""
    position = position_of(scenario, strategy)
    today, date = scenario.figures_as_of, _next_date(scenario, strategy, position)
    prices = [f"runs.{at}.price_per_hour" for at, one in enumerate(scenario.runs) if one.start >= today]
    numbers = list(dict.fromkeys([*prices[:1], *drawn_numbers(scenario, position)]))
    found = [*numbers[:1], date] if date else numbers[:2]
    if len(found) < 2:
        raise InputError("missing", "x_field", (), "two numbers above 0")
    return found[0], found[1]


def drawn_numbers(scenario: Scenario, position: int) -> Iterator[str]:
    """Every number that the simulation of a strategy draws and that a fifth can be taken of: none that is zero, none
    of runs and financings before the day of the scenario's figures, nor the cash of a founding before it."""
    today = scenario.figures_as_of
    groups = {
        "opening_cash": ["opening_cash"] if scenario.founding >= today else [],
        "runs": [f"runs.{index}." for index, run in enumerate(scenario.runs) if run.start >= today],
        "team": [f"team.{index}." for index in range(len(scenario.team))],
        "demand": [
            f"demand.{index}.{part}" for index, one in enumerate(scenario.demand) for part in _parts(one.serving)
        ],
        "strategies": [
            f"strategies.{position}.financings.{index}."
            for index, one in enumerate(scenario.strategies[position].financings)
            if not scenario.founding < one.date <= today
        ],
        "valuation": ["valuation."],
    }
    for group, names in DRAWN_FIELDS.items():
        for field in [at + name for at in groups[group] for name in names] if names else groups.get(group, [group]):
            if _has(scenario, field) and is_drawn(scenario, field) and field_value(scenario, field):
                yield field


def _check_result(result: str) -> None:
    if result not in RESULTS:
        raise InputError("unknown_name", "result", result, " | ".join(RESULTS))


def _parts(serving: object) -> tuple[str, ...]:
    return ("",) if serving is None else ("", "serving.")


def _has(scenario: Scenario, field: str) -> bool:
    try:
        field_value(scenario, field)
    except InputError:
        return False
    return True


def _ends(scenario: Scenario, field: str, step: float = STEP) -> tuple[float, float]:
    """A field's range, or so much down and up of its plain number, within its bounds."""
    if not is_drawn(scenario, field):
        raise InputError("unknown_field", field, field_value(scenario, field), "a number that the simulation draws")
    ranged = next((one for one in scenario.uncertainty if one.field == field), None)
    plain = field_value(scenario, field)
    ends = (ranged.p10, ranged.p90) if ranged else sorted((plain * (1 - step), plain * (1 + step)))
    low, high = np.clip(ends, *field_bounds(scenario, field))
    return float(low), float(high)


def _inputs(scenario: Scenario, strategy: Strategy) -> list[str]:
    """The independent variables behind the draws."""
    inputs = [one.field for one in scenario.uncertainty]
    model = scenario.fundraising
    if any(one.market for one in scenario.uncertainty) or model is not None:
        inputs.append(MARKET)
    if model is None:
        return inputs
    lucks = [
        *(["time"] if model.time_p75 > 1 else []),
        *(["price"] if model.price_p10 < model.price_p90 else []),
        *(["chance", "second_chance", "fate"] if model.closing_rate < 1 else []),
    ]
    for index, financing in enumerate(strategy.financings):
        if isinstance(financing, Preferred | Listing):
            inputs.extend(f"rounds.{index}.{luck}" for luck in lucks)
    return inputs


def _draws(scenario: Scenario, strategy: Strategy, variables: Mapping[str, Floats], paths: int) -> Draws:
    """The draws that these variables stand for; luck that cannot matter is the average one."""
    nothing, even = np.zeros(paths), np.full(paths, 0.5)
    market = variables.get(MARKET, nothing)
    draws = {one.field: from_normal(scenario, one, variables[one.field], market) for one in scenario.uncertainty}
    if scenario.fundraising is None:
        return draws
    for index in range(len(strategy.financings)):
        for luck, plain in (
            ("time", nothing),
            ("price", nothing),
            ("chance", even),
            ("second_chance", even),
            ("fate", even),
        ):
            draws[f"rounds.{index}.{luck}"] = variables.get(f"rounds.{index}.{luck}", plain)
    return draws | {MARKET: market}


def _next_date(scenario: Scenario, strategy: Strategy, position: int) -> str | None:
    """The date of the first financing that the company cannot do without; else of the first that is to come."""
    (found,) = evaluated(scenario, position, [{}], lambda one: [int(place) for place in one.next_financing.position])
    if isinstance(found, InputError):
        raise found
    today = max(scenario.founding, scenario.figures_as_of)
    later = [index for index, one in enumerate(strategy.financings) if one.date > today]
    place = found if found >= 0 else next(iter(later), None)
    return None if place is None else f"strategies.{position}.financings.{place}.date"


def _is_date(field: str) -> bool:
    return field.endswith(".date") and field.startswith("strategies.")


def _axis(scenario: Scenario, field: str, steps: int) -> tuple[float, ...]:
    if _is_date(field):
        return tuple(dict.fromkeys(float(round(one)) for one in np.linspace(0, LONGEST_DELAY_MONTHS, steps)))
    return tuple(float(one) for one in np.linspace(*_ends(scenario, field, WIDEST_AXIS), steps))


def _change(scenario: Scenario, field: str, value: float) -> dict[str, object]:
    """What a place on an axis changes; a financing is delayed with all that are planned after it."""
    if not _is_date(field):
        return {field: value}
    at, _, index = field.removesuffix(".date").rpartition(".")
    financings = field_value(scenario, at)
    delayed: dict[str, object] = {}
    for later in range(int(index), len(financings)):
        months = months_between(scenario.founding, financings[later].date) + round(value)
        delayed[f"{at}.{later}.date"] = month_after(scenario.founding, months).isoformat()
    return delayed
