"""An exit without a sale: a buyer licenses the models and hires the team; the company stays behind as a shell.

The licence fee and a payment for the waiver of claims come to the company, which passes on a part: a multiple or an
amount that was agreed with each class of investors, or whatever the preferences and shares give. What the buyer
promises the hired staff never passes the preferences. The whole is compared with a sale of the company for all that the
buyer pays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from core.capital.checks import check_all, check_flag, check_name, check_whole, path, settle, settle_if_given
from core.capital.claims import Claim, Claims
from core.capital.sale_game import Game
from core.capital.securities import COMMON
from core.errors import InputError

ZERO = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class InvestorClass:
    """A series of preferred stock.

    multiple, paid: what was agreed with it, of the money invested or as an amount; neither: by preference and shares
    shares: as converted; None where they are not known
    liquidation_multiple: the preference, of the money invested; seniority: a higher one is paid first
    participates: takes part with its shares beside the preference
    """

    name: str
    invested: Fraction
    multiple: Fraction | None = None
    paid: Fraction | None = None
    shares: int | None = None
    liquidation_multiple: Fraction = Fraction(1)
    seniority: int = 0
    participates: bool = False

    def __post_init__(self) -> None:
        check_name(self, "name")
        settle(self, "invested", "0 < invested", lambda money: money > 0)
        for field in ("multiple", "paid"):
            settle_if_given(self, field, f"0 <= {field}", lambda amount: amount >= 0)
        settle(self, "liquidation_multiple", "0 <= liquidation_multiple", lambda multiple: multiple >= 0)
        check_whole(self, "seniority")
        check_flag(self, "participates")
        if self.shares is not None:
            check_whole(self, "shares", 1)
        if self.multiple is not None and self.paid is not None:
            raise InputError("contradiction", path(self, "paid"), self.paid, "either multiple or paid")

    @property
    def agreed(self) -> Fraction | None:
        """What was agreed, None where preference and shares decide."""
        return self.paid if self.multiple is None else self.multiple * self.invested


@dataclass(frozen=True, kw_only=True)
class CommonHolder:
    """A holder of common stock; retention: what the buyer promises this person for coming along."""

    name: str
    shares: int = 0
    founder: bool = False
    retention: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        check_name(self, "name")
        check_whole(self, "shares", 0)
        check_flag(self, "founder")
        settle(self, "retention", "0 <= retention", lambda money: money >= 0)


@dataclass(frozen=True, kw_only=True)
class LicenceAndHire:
    """Terms, in one currency.

    licence_fee, waiver_payment: paid to the company; cash_on_hand: what it had; costs: taxes, debts, advisers it pays
    kept_by_shell: what it does not pass on
    other_retention: promised by the buyer to hired staff who hold no shares
    paid_to_common: what was agreed for common stock, where multiples or amounts were agreed with the investors
    """

    licence_fee: Fraction
    investors: tuple[InvestorClass, ...]
    waiver_payment: Fraction = Fraction(0)
    cash_on_hand: Fraction = Fraction(0)
    costs: Fraction = Fraction(0)
    kept_by_shell: Fraction = Fraction(0)
    common: tuple[CommonHolder, ...] = ()
    other_retention: Fraction = Fraction(0)
    paid_to_common: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        settle(self, "licence_fee", "0 < licence_fee", lambda money: money > 0)
        for field in (
            "waiver_payment",
            "cash_on_hand",
            "costs",
            "kept_by_shell",
            "other_retention",
            "paid_to_common",
        ):
            settle(self, field, f"0 <= {field}", lambda money: money >= 0)
        check_all(self, "investors", InvestorClass, 1)
        check_all(self, "common", CommonHolder)
        names = [one.name for one in self.investors] + [one.name for one in self.common]
        if len(set(names)) < len(names) or COMMON in names:
            raise InputError("duplicate_name", path(self, "investors"), names, f"each name once, none {COMMON!r}")
        agreed = [one.agreed is not None for one in self.investors]
        if any(agreed) != all(agreed):
            raise InputError(
                "contradiction", path(self, "investors"), agreed, "multiple or paid for all investors or none"
            )
        if self.paid_to_common and not (self.is_agreed and self.common_shares):
            expected = "paid_to_common = 0 unless investors have multiple | paid and common has shares"
            raise InputError("contradiction", path(self, "paid_to_common"), self.paid_to_common, expected)
        if not self.is_agreed and not self.shares_known:
            raise InputError(
                "missing", path(self, "investors"), None, "shares of all investors and common | multiple | paid"
            )

    @property
    def is_agreed(self) -> bool:
        """Whether payments were agreed rather than left to preferences and shares."""
        return self.investors[0].agreed is not None

    @property
    def common_shares(self) -> int:
        return sum(holder.shares for holder in self.common)

    @property
    def shares_known(self) -> bool:
        """Whether a sale can be computed."""
        return self.common_shares > 0 and all(one.shares is not None for one in self.investors)


@dataclass(frozen=True)
class InvestorRow:
    """in_sale: for the same headline; None where shares are not known."""

    name: str
    invested: Fraction
    received: Fraction
    multiple: Fraction
    in_sale: Fraction | None
    multiple_in_sale: Fraction | None


@dataclass(frozen=True)
class HolderRow:
    """What one holder of common gets by his shares, and from the buyer beside them."""

    name: str
    founder: bool
    by_shares: Fraction
    retention: Fraction
    total: Fraction
    in_sale: Fraction | None
    better_by: Fraction | None


@dataclass(frozen=True)
class LicenceAndHireOutcome:
    """headline = licence_fee + waiver_payment + retention; received = what comes to the company, less costs, with its
    cash = distributed + left_in_shell − funding_gap.

    funding_gap: what the agreed payments need beyond that: money from elsewhere, or investors who are not paid in full
    retention_part: of the headline, what passes by all preferences
    """

    headline: Fraction
    received: Fraction
    distributed: Fraction
    left_in_shell: Fraction
    funding_gap: Fraction
    retention: Fraction
    retention_part: Fraction
    to_investors: Fraction
    investors_multiple: Fraction
    investors_in_sale: Fraction | None
    to_common: Fraction
    founders_by_shares: Fraction
    founders_retention: Fraction
    founders_total: Fraction
    founders_in_sale: Fraction | None
    investors: tuple[InvestorRow, ...]
    holders: tuple[HolderRow, ...]


def licence_and_hire_outcome(terms: LicenceAndHire) -> LicenceAndHireOutcome:
    """What investors, founders and the shell get, beside a sale for all that the buyer pays."""
    received = terms.licence_fee + terms.waiver_payment + terms.cash_on_hand - terms.costs
    retention = terms.other_retention + sum((holder.retention for holder in terms.common), ZERO)
    headline = terms.licence_fee + terms.waiver_payment + retention
    if received < terms.kept_by_shell:
        expected = f"kept_by_shell + costs <= licence_fee + waiver_payment + cash_on_hand = {received + terms.costs}"
        raise InputError("contradiction", path(terms, "kept_by_shell"), terms.kept_by_shell, expected)
    paid = _agreed(terms) if terms.is_agreed else waterfall(terms, received - terms.kept_by_shell)
    # A buyer of the whole company pays its debts and gets its cash: both sides of the comparison have them.
    in_sale = waterfall(terms, max(ZERO, received + retention)) if terms.shares_known else None
    investors = tuple(_investor(one, paid, in_sale) for one in terms.investors)
    holders = tuple(_holder(one, paid, in_sale) for one in terms.common)
    distributed = sum(paid.values(), ZERO)
    left = max(terms.kept_by_shell, received - distributed)
    to_investors = sum((row.received for row in investors), ZERO)
    founders = [row for row in holders if row.founder]
    return LicenceAndHireOutcome(
        headline=headline,
        received=received,
        distributed=distributed,
        left_in_shell=left,
        funding_gap=distributed + left - received,
        retention=retention,
        retention_part=retention / headline,
        to_investors=to_investors,
        investors_multiple=to_investors / sum((one.invested for one in terms.investors), ZERO),
        investors_in_sale=None if in_sale is None else sum((in_sale[one.name] for one in terms.investors), ZERO),
        to_common=sum((row.by_shares for row in holders), ZERO),
        founders_by_shares=sum((row.by_shares for row in founders), ZERO),
        founders_retention=sum((row.retention for row in founders), ZERO),
        founders_total=sum((row.total for row in founders), ZERO),
        founders_in_sale=None if in_sale is None else sum((in_sale[row.name] for row in founders), ZERO),
        investors=investors,
        holders=holders,
    )


def waterfall(terms: LicenceAndHire, money: Fraction) -> Mapping[str, Fraction]:
    """Money by investor class and holder of common: preferences by seniority, then shares; each class converts where
    that pays."""
    claims = tuple(
        Claim(
            one.name,
            one.liquidation_multiple * one.invested,
            one.seniority,
            Fraction(one.shares or 0),
            participates=one.participates,
        )
        for one in terms.investors
    )
    game = Game(Claims(Fraction(terms.common_shares), claims))
    amounts = game.divide(game.settle(money).converted, money).amounts
    common = amounts.get(COMMON, ZERO)
    by_class = {one.name: amounts.get(one.name, ZERO) for one in terms.investors}
    return by_class | {one.name: common * Fraction(one.shares, terms.common_shares) for one in terms.common}


def _agreed(terms: LicenceAndHire) -> dict[str, Fraction]:
    by_class = {one.name: one.agreed or ZERO for one in terms.investors}
    shares = max(1, terms.common_shares)
    return by_class | {one.name: terms.paid_to_common * Fraction(one.shares, shares) for one in terms.common}


def _investor(one: InvestorClass, paid: Mapping[str, Fraction], in_sale: Mapping[str, Fraction] | None) -> InvestorRow:
    sold = None if in_sale is None else in_sale[one.name]
    return InvestorRow(
        name=one.name,
        invested=one.invested,
        received=paid[one.name],
        multiple=paid[one.name] / one.invested,
        in_sale=sold,
        multiple_in_sale=None if sold is None else sold / one.invested,
    )


def _holder(one: CommonHolder, paid: Mapping[str, Fraction], in_sale: Mapping[str, Fraction] | None) -> HolderRow:
    sold = None if in_sale is None else in_sale[one.name]
    total = paid[one.name] + one.retention
    return HolderRow(
        name=one.name,
        founder=one.founder,
        by_shares=paid[one.name],
        retention=one.retention,
        total=total,
        in_sale=sold,
        better_by=None if sold is None else total - sold,
    )
