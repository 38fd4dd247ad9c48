"""Where the cash of a plan comes from and where it goes, in whole cents: sources into one pot, uses out of it.

Nothing is rounded here, so what flows in is what flows out, exactly. A line of the plan's cash that comes to a positive
total is a source, a negative one a use; a new line needs no change. Ends are named in English, `words` translates them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.plan.answer import PATH, Answer
from core.plan.derivations import flow_names
from core.plan.operating import to_cents

CASH = "Cash"
OWN_CASH = "Founders' own cash"
CASH_LEFT = "Cash left"
UNPAID_BILLS = "Unpaid bills"


@dataclass(frozen=True)
class MoneyFlow:
    """Cents, at least one, from a source into CASH or from CASH to a use; one into CASH has CASH as its target."""

    source: str
    target: str
    cents: int


def money_flows(answer: Answer) -> tuple[MoneyFlow, ...]:
    """Every source, then every use of cash from founding to the horizon, or to the month in which the cash ran out.

    What a company that ran dry could not pay is the source UNPAID_BILLS.
    """
    simulation = answer.simulation
    names = flow_names(lambda text: text)
    totals = {name: int(flow[:, PATH].sum()) for name, flow in simulation.flows.items()}
    del totals["financing"]  # told apart by financing
    left = int(simulation.cash[-1, PATH])
    signed = [
        (OWN_CASH, int(simulation.opening_cash[PATH])),
        *_closed_cents(answer),
        *((names.get(line, line.replace("_", " ").capitalize()), cents) for line, cents in totals.items()),
        (CASH_LEFT if left > 0 else UNPAID_BILLS, -left),
    ]
    sources = tuple(MoneyFlow(name, CASH, cents) for name, cents in signed if cents > 0)
    return sources + tuple(MoneyFlow(CASH, name, -cents) for name, cents in signed if cents < 0)


def _closed_cents(answer: Answer) -> Iterator[tuple[str, int]]:
    """Each financing that closed, with the cash of that day before fees, rounded as the simulation rounds it."""
    simulation = answer.simulation
    for index, terms in enumerate(simulation.terms):
        if simulation.closed[index, PATH] < simulation.months:
            yield terms.name, int(to_cents(terms.received)[PATH])
