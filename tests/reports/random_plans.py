"""Random plans for the workbook: those of the plan's tests, and plans with every kind of money that sells no shares."""

from hypothesis import HealthCheck, given, settings

from core.plan.scenario import Scenario
from tests.plan.builders import funded_scenarios, scenarios
from tests.plan.test_first_money_and_covenants import without_shares
from tests.plan.test_investor_promises import promised
from tests.plan.test_replay_of_documents import documented

KINDS = (scenarios(), funded_scenarios(), without_shares(), promised(), documented())


def plans(count: int) -> list[Scenario]:
    """So many, the same in every run."""
    found: list[Scenario] = []
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    for kind in KINDS:
        made = settings(max_examples=max(1, -(-count // len(KINDS))), derandomize=True, suppress_health_check=checks)

        @made
        @given(kind)
        def collect(plan: Scenario) -> None:
            found.append(plan)

        collect()
    return found[:count]
