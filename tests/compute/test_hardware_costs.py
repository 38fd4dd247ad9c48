"""Published figures about owning accelerators, by kind."""

from core.compute.hardware_costs import hardware_costs


def test_useful_lives_that_companies_report() -> None:
    """10-Ks and an S-1: Amazon 5, Alphabet 6, Microsoft 6, Meta 5.5, CoreWeave 6; Nebius 4; sceptics 3."""
    lives = {row.subject: row.central for row in hardware_costs("useful_life")}
    assert lives == {
        "Amazon": 5,
        "Google": 6,
        "Microsoft": 6,
        "Meta": 5.5,
        "CoreWeave": 6,
        "Nebius": 4,
        "Lambda": 5,
        "sceptics": 3,
    }


def test_loans_on_accelerators() -> None:
    """CoreWeave's debt note, June 2025: effective 15 % on its first delayed-draw loan, 11 % on the second."""
    rates = {row.subject: row.central for row in hardware_costs("loan_rate")}
    assert (rates["CoreWeave DDTL 1.0"], rates["CoreWeave DDTL 2.0"]) == (0.15, 0.11)


def test_longer_commitments_are_cheaper() -> None:
    """Epoch AI: 41 % off for one year and 64 % for three at AWS, 37 and 56 at Google Cloud, 25 and 49 at Azure."""
    discounts = {row.subject: row.central for row in hardware_costs("commitment_discount")}
    assert discounts["AWS 1-year"] == 0.41
    assert all(
        discounts[f"{cloud} 1-year"] < discounts[f"{cloud} 3-year"] for cloud in ("AWS", "Google Cloud", "Azure")
    )


def test_each_kind_has_rows() -> None:
    assert all(row.unit == "usd" for row in hardware_costs("purchase"))
    assert {row.subject for row in hardware_costs("purchase")} >= {"h100-sxm", "h200-sxm", "b200", "a100-80-sxm"}
    assert len(hardware_costs("colocation")) >= 2
    assert len(hardware_costs("resale")) + len(hardware_costs("later_price")) >= 5
    assert len(hardware_costs("loan_to_value")) == 1
