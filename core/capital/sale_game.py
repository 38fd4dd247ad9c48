"""Who converts at a sale, and what each claim gets: exact for every amount of money.

With a set S of claims converted, what is left after cash and preferences is worth p a share of common, and everything
that is paid, summed over all claims, is an increasing piecewise linear function of p: the money needed for p. So

- with S settled, p is that function's inverse at the money there is;
- claim X gains from converting beside S exactly where the money is above its *threshold*: what is needed, with X
  converted, for the price at which its shares amount to what it gives up (cash / shares; at a participation cap,
  limit / shares). The same number is where X, once converted, starts to regret it. It does not depend on the money.

Short of the cash of those who keep it p is 0 and nobody gains: who converts gets a part of what the others' cash
leaves, and had all of that before.

The Liquidity Capitalization of SAFEs counts common, options (exercised or not), warrants, what takes part in common and
whatever converts; neither who takes cash in lieu of it nor the unissued pool. A converting SAFE of fraction f has
f / (1 - sum f) of all that is counted and is no SAFE: f of the company, and more where a part of that gets nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from core.capital.claims import CarveOut, Claim, Claims, Right
from core.capital.piecewise_linear import PiecewiseLinear
from core.capital.securities import COMMON
from core.errors import InputError

ZERO = Fraction(0)
Names = frozenset[str]


@dataclass(frozen=True)
class Tier:
    """Claims of one rank that keep their cash: `needed` is what it costs to pay them that part of it, up to 1."""

    rank: int
    needed: PiecewiseLinear
    full: Fraction
    names: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """One set of choices: what it costs to pay each rank, and to bring common to a price."""

    debt: Fraction
    tiers: tuple[Tier, ...]
    preferences: Fraction
    needed: PiecewiseLinear


@dataclass(frozen=True)
class Division:
    """Money by claim, right and COMMON, and by carve-out; and what a share of common gets."""

    amounts: Mapping[str, Fraction]
    carved_out: tuple[Fraction, ...]
    common_price: Fraction


@dataclass(frozen=True)
class Choice:
    """One class beside a set of conversions: it is better off in it where the money is above the threshold.

    price: of common, at which it is indifferent; needs_more: whether there is no price to convert at on the threshold
    """

    name: str
    inside: bool
    price: Fraction
    threshold: Fraction
    needs_more: bool


@dataclass(frozen=True)
class Settled:
    """Where the choices come to rest; `until` is the next amount of money at which they may come out differently."""

    converted: Names
    unsettled: tuple[str, ...]
    until: Fraction | None


class Game:
    """The claims of one company at a sale, with what has been worked out about them, for any amount of money.

    Money is what debt and costs leave.
    """

    def __init__(self, claims: Claims, carve_outs: tuple[CarveOut, ...] = ()) -> None:
        self.claims = claims
        self.carve_outs = carve_outs
        self.choosers = tuple(claim for claim in claims.claims if claim.may_convert)
        edges = {edge for one in carve_outs for edge, _ in one.brackets if edge is not None}
        self.edges = sorted(edges)
        shares = [sum((_share_above(one, edge) for one in carve_outs), ZERO) for edge in (ZERO, *self.edges)]
        if max(shares) >= 1:
            raise InputError("over_100_percent", "CarveOut.brackets", max(shares), "sum(share) < 1")
        first = tuple(one for one in carve_outs if one.before == "preferences")
        self.after_first_carve_outs = PiecewiseLinear(lambda money: money - _cut(first, money), edges)
        self.after_carve_outs = PiecewiseLinear(lambda money: money - _cut(carve_outs, money), edges)
        self._by_name = {claim.name: claim for claim in claims.claims}
        self._standings: dict[Names, Standing] = {}
        self._decisions: dict[Names, tuple[Choice, ...]] = {}
        self._counts: dict[Names, tuple[Fraction, Fraction, Fraction]] = {}

    def settle(self, money: Fraction, just_above: bool = False) -> Settled:
        """Who converts: from nobody on, while somebody gains, the one with the lowest price of indifference converts.

        Somebody who regrets it goes back first. A tie keeps the cash; where choices go in a circle they stop at a set
        met before in which nobody who has converted regrets it. just_above: of money a little above this amount.
        """
        converted: Names = frozenset()
        seen: set[Names] = set()
        turns: list[Fraction] = []
        while True:
            gain, wait, regret = self._sorted_choices(converted, money, just_above)
            if not regret and (not gain or converted in seen):
                turns += [choice.threshold for choice in wait]
                unsettled = tuple(choice.name for choice in gain)
                return Settled(converted, unsettled, min(turns, default=None))
            seen.add(converted)
            turning = (regret or gain)[0]
            # More money would turn the path where this one no longer regrets, or another one gains who goes before him.
            if regret:
                turns.append(turning.threshold)
            else:
                turns += [choice.threshold for choice in wait if choice.price <= turning.price]
            converted ^= {turning.name}

    def settle_each(self, amounts: Iterable[Fraction]) -> dict[Fraction, Settled]:
        """The same for many amounts; those between which nothing turns are settled once."""
        settled: dict[Fraction, Settled] = {}
        start: Fraction | None = None
        above: Settled | None = None
        for money in sorted(set(amounts)):
            if above is None and start is not None:
                above = self.settle(start, just_above=True)
            if above is None or (above.until is not None and money >= above.until):
                settled[money] = self.settle(money)
                start, above = money, None
            else:
                settled[money] = above
        return settled

    def _sorted_choices(
        self, converted: Names, money: Fraction, just_above: bool
    ) -> tuple[list[Choice], list[Choice], list[Choice]]:
        """Who gains from converting, the lowest price first; who would with more money; and who regrets it.

        First of those is whoever has no price to convert at: what the others gain or regret counts on his being paid.
        """
        gain: list[Choice] = []
        wait: list[Choice] = []
        regret: list[Choice] = []
        for choice in self._choices(converted):
            tie = money == choice.threshold
            if choice.inside:
                if money < choice.threshold or (tie and choice.needs_more and not just_above):
                    regret.append(choice)
            elif money > choice.threshold or (tie and just_above):
                gain.append(choice)
            else:
                wait.append(choice)
        gain.sort(key=lambda choice: choice.price)
        regret.sort(key=lambda choice: not choice.needs_more)
        return gain, wait, regret

    def is_stable(self, converted: Names, money: Fraction) -> bool:
        """Whether nobody gains by switching alone, and nobody has converted who never gains from it."""
        for claim in self.choosers:
            choice = self._choice(converted, claim)
            if choice is None:
                switches = claim.name in converted
            elif choice.inside:
                switches = money < choice.threshold or (money == choice.threshold and choice.needs_more)
            else:
                switches = money > choice.threshold
            if switches:
                return False
        return True

    def _choices(self, converted: Names) -> tuple[Choice, ...]:
        if converted not in self._decisions:
            choices = (self._choice(converted, claim) for claim in self.choosers)
            self._decisions[converted] = tuple(choice for choice in choices if choice is not None)
        return self._decisions[converted]

    def _choice(self, converted: Names, claim: Claim) -> Choice | None:
        """What the class decides by beside this set of conversions; None if it never gains from converting."""
        inside = claim.name in converted
        joined = converted if inside else converted | {claim.name}
        price = self.indifference(joined, claim)
        if price is None:
            return None
        return Choice(claim.name, inside, price, self.money_for(joined, price), claim.worth is not None)

    def indifference(self, converted: Names, claim: Claim) -> Fraction | None:
        """The price of common at which the claim, converted, has what it gave up."""
        given_up = claim.cash if claim.limit is None else claim.limit
        if claim.worth is not None:
            return ZERO if claim.worth > claim.cash else None
        if not claim.fraction:
            return given_up / claim.shares if claim.shares else None
        counted, worth, fractions = self._counted(converted)
        return max(ZERO, (given_up * (1 - fractions) / claim.fraction - worth) / counted)

    def money_for(self, converted: Names, price: Fraction) -> Fraction:
        """The money that brings common to the price, carve-outs included."""
        debt = sum((claim.cash for claim in self.claims.claims if claim.debt and claim.name not in converted), ZERO)
        return debt + self.after_carve_outs.inverse(self._equity(converted, price))

    def divide(self, converted: Names, money: Fraction) -> Division:
        """Share the money out for these choices: notes, carve-outs, preferences rank by rank, then common.

        Whoever of the converted has no cap must have a price to convert at, as in every set that `settle` rests in.
        """
        standing = self.standing(converted)
        repaid = min(money, standing.debt)
        parts: dict[int | None, Fraction] = {None: repaid / standing.debt if standing.debt else Fraction(1)}
        carved = [one.amount(money - repaid) for one in self.carve_outs]
        first = sum(
            (cut for one, cut in zip(self.carve_outs, carved, strict=True) if one.before == "preferences"), ZERO
        )
        left = money - repaid - first
        for tier in standing.tiers:
            parts[tier.rank] = Fraction(1) if left >= tier.full else tier.needed.inverse(left)
            left -= min(left, tier.full)
        last = sum(carved, ZERO) - first
        if last > left:
            carved = [
                cut * left / last if one.before == "common" else cut
                for one, cut in zip(self.carve_outs, carved, strict=True)
            ]
        left -= min(left, last)
        price = standing.needed.inverse(standing.preferences + left) if left else ZERO
        return Division(self._amounts(converted, parts, price), tuple(carved), price)

    def standing(self, converted: Names) -> Standing:
        """What the set of choices costs, worked out once."""
        if converted not in self._standings:
            keeping = [claim for claim in self.claims.claims if claim.name not in converted]
            tiers = tuple(
                self._tier(rank, [claim for claim in keeping if claim.rank == rank and not claim.debt])
                for rank in sorted({claim.rank for claim in keeping if not claim.debt and claim.cash}, reverse=True)
            )
            prices = {price for price, _, _ in self.price_events(converted)}
            needed = PiecewiseLinear(lambda price: self._equity(converted, price), prices)
            self._standings[converted] = Standing(
                debt=sum((claim.cash for claim in keeping if claim.debt), ZERO),
                tiers=tiers,
                preferences=sum((tier.full for tier in tiers), ZERO),
                needed=needed,
            )
        return self._standings[converted]

    def price_events(self, converted: Names) -> list[tuple[Fraction, Literal["strike", "cap"], str]]:
        """The prices of common at which a right starts to pay or a participating class has its limit, and whose."""
        events: list[tuple[Fraction, Literal["strike", "cap"], str]] = [
            (claim.room / claim.shares, "cap", claim.name)
            for claim in self.claims.claims
            if claim.name not in converted and claim.participates and claim.shares and claim.room
        ]
        for right in self.claims.rights:
            base, ceiling = self._right_terms(converted, right)
            moves = right.claim is None or right.claim in converted or self._by_name[right.claim].participates
            if moves and right.strike > base and (ceiling is None or right.strike < ceiling):
                events.append((right.strike - base, "strike", right.name))
            if moves and ceiling is not None and ceiling > max(base, right.strike):
                events.append((ceiling - base, "cap", right.name))
        return events

    def _tier(self, rank: int, claims: list[Claim]) -> Tier:
        """A warrant for one of the series is exercised once that part of its shares' preference is above its strike."""
        due = sum((claim.cash for claim in claims), ZERO)
        names = tuple(claim.name for claim in claims if claim.cash)
        rights = [right for right in self.claims.rights if right.claim in names and right.cash > right.strike]

        def needed(part: Fraction) -> Fraction:
            return part * due + sum((_gain(right, part * right.cash) for right in rights), ZERO)

        return Tier(
            rank, PiecewiseLinear(needed, {right.strike / right.cash for right in rights}), needed(Fraction(1)), names
        )

    def _equity(self, converted: Names, price: Fraction) -> Fraction:
        """All that equity gets at a price of common, preferences paid in full, carve-outs left out."""
        counted, worth, fractions = self._counted(converted)
        total = price * self.claims.common_shares + worth
        total += fractions / (1 - fractions) * (price * counted + worth)
        for claim in self.claims.claims:
            if claim.name in converted:
                total += price * claim.shares
            elif not claim.debt:
                total += claim.cash + _participation(claim, price)
        return total + sum((self._right_amount(converted, right, price) for right in self.claims.rights), ZERO)

    def _counted(self, converted: Names) -> tuple[Fraction, Fraction, Fraction]:
        """Of the Liquidity Capitalization: shares but for SAFEs, money that buys more of them, and the SAFEs' part."""
        if converted in self._counts:
            return self._counts[converted]
        counted = self.claims.common_shares + self.claims.unvested
        worth = fractions = ZERO
        for claim in self.claims.claims:
            if claim.name in converted:
                counted += claim.shares
                worth += claim.worth or 0
                fractions += claim.fraction
            elif claim.participates:
                counted += claim.shares
        for right in self.claims.rights:
            takes_preference = (
                right.claim is not None
                and right.claim not in converted
                and not self._by_name[right.claim].participates
                and right.cash > right.strike
            )
            if not takes_preference:
                counted += right.shares
        self._counts[converted] = counted, worth, fractions
        return self._counts[converted]

    def _right_terms(self, converted: Names, right: Right) -> tuple[Fraction, Fraction | None]:
        """What a share of an exercised right has before the price of common, and its limit."""
        if right.claim is None or right.claim in converted:
            return ZERO, None
        return right.cash, right.limit

    def _right_amount(self, converted: Names, right: Right, price: Fraction) -> Fraction:
        base, ceiling = self._right_terms(converted, right)
        if right.claim is not None and right.claim not in converted and not self._by_name[right.claim].participates:
            return _gain(right, base)
        return _gain(right, base + price if ceiling is None else min(base + price, max(base, ceiling)))

    def _amounts(
        self, converted: Names, parts: Mapping[int | None, Fraction], price: Fraction
    ) -> Mapping[str, Fraction]:
        """What everybody gets where each rank, None meaning debt, is paid that part, and common that price."""
        counted, worth, fractions = self._counted(converted)
        amounts = {COMMON: price * self.claims.common_shares}
        for claim in self.claims.claims:
            if claim.name in converted:
                amounts[claim.name] = price * claim.shares + (claim.worth or 0)
                if claim.fraction:
                    amounts[claim.name] += claim.fraction / (1 - fractions) * (price * counted + worth)
            else:
                part = parts.get(None if claim.debt else claim.rank, ZERO)
                amounts[claim.name] = part * claim.cash + _participation(claim, price)
        for right in self.claims.rights:
            part = Fraction(1)
            if right.claim is not None and right.claim not in converted:
                part = parts.get(self._by_name[right.claim].rank, part)
            full = part == 1
            amounts[right.name] = (
                self._right_amount(converted, right, price) if full else _gain(right, part * right.cash)
            )
        return amounts


def _participation(claim: Claim, price: Fraction) -> Fraction:
    if not claim.participates:
        return ZERO
    taking_part = price * claim.shares
    return taking_part if claim.room is None else min(taking_part, claim.room)


def _gain(right: Right, per_share: Fraction) -> Fraction:
    return right.shares * max(ZERO, per_share - right.strike)


def _cut(carve_outs: Iterable[CarveOut], money: Fraction) -> Fraction:
    return sum((one.amount(money) for one in carve_outs), ZERO)


def _share_above(one: CarveOut, money: Fraction) -> Fraction:
    return next((share for edge, share in one.brackets if edge is None or edge > money), ZERO)
