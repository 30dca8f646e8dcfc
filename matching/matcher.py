"""Matching: offers for a profile, profiles for an offer, and one pair explained. Exact, immutable, without a clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from matching import bounds, kernel, rules, stock, vectors
from matching.codes import Kind, Level, Limit
from matching.comparisons import COMPARISONS, FULL, World
from matching.geography import Geography
from matching.guidance import BLOCKED, GroupRules, may_match, usable
from matching.pairs import Match, as_matches, compare_pairs
from matching.records import Offer, Override, Profile, camel
from matching.stock import Stock
from matching.taxonomy import Taxonomy
from matching.vectors import Longs
from models.match_model import CORE, MatchModel

FRESHNESS: Final = np.round(FULL * 0.5 ** (np.arange(366) / 30)).astype(np.uint8)
"""Step of freshness by days since the last check: half for every 30 days (assumption)."""
NEAR_MISSES: Final = 5
PARTNER_TOP: Final = 3
DUTCH: Final = vectors.LANGUAGES.index("nl")
LOW_DUTCH: Final = vectors.LEVELS.index(Level.B1)
"""Below this level, or when it is unknown, Dutch courses are shown beside the vacancies."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one limit costs: vacancies it removes at all, those it alone removes, and the suitable and good among these."""

    limit: Limit
    removes: int
    alone: int
    suitable: int
    good: int


@dataclass(frozen=True, slots=True)
class Wish:
    """How a list is asked for: length, kinds, weights per comparison, and limits set aside.

    ``reserve``: how many more vacancies to find, those that rank next.
    """

    top: int = 10
    kinds: frozenset[Kind] = frozenset(Kind)
    weights: Mapping[str, float] = field(default_factory=dict)
    relax: frozenset[Limit] = frozenset()
    reserve: int = 0


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The answer for one profile.

    ``status``: ``ok``; ``nothing_suitable`` (no vacancy good enough, or none allowed); ``too_little_known`` (no score:
    ``missing`` says what is needed); ``closed`` (LINK's dates or the basis for using the data: ``gate_reason``).
    ``removed`` counts vacancies per rule; ``jointly`` those that negotiable limits remove, in any combination. ``reserve``: the
    suitable vacancies that rank next after the list, as many as asked for.
    """

    profile_id: str
    status: str
    gate_reason: str
    lists: Mapping[Kind, tuple[Match, ...]]
    near_misses: tuple[Match, ...]
    dutch_courses: tuple[Match, ...]
    considered: int
    allowed: int
    suitable: int
    good: int
    removed: Mapping[str, int]
    prices: tuple[Price, ...]
    jointly: int
    relaxation: Limit | None
    profile_coverage: float
    missing: tuple[str, ...]
    withheld: tuple[str, ...]
    applied: Mapping[str, float]
    reserve: tuple[Match, ...] = ()

    @property
    def cause(self) -> str:
        """Why there is no vacancy: nothing when there is one, else the name of a rule or one of three others.

        The rule is ``basis`` or ``guidance`` where there may be no list; else that on the one limit without which most suitable
        vacancies would be there; else, if no vacancy was allowed, that which removed most of the open ones. ``too_little_known``:
        the file holds too little for a score; ``nothing_suitable``: some were allowed, and none suits; ``none_open``: there was
        no open vacancy.
        """
        if self.status == "closed":
            return "basis" if BLOCKED in self.withheld else "guidance"
        if self.status != "nothing_suitable":
            return "" if self.status == "ok" else self.status
        if self.relaxation is not None:
            return next(rule.name for rule in rules.RULES if rule.limit == self.relaxation)
        own = {name: n for name, n in self.removed.items() if name not in {"closed", "full"}}
        return self.status if self.allowed else max(own, key=lambda name: own[name], default="none_open")


@dataclass(frozen=True, slots=True)
class Candidates:
    """The answer for one offer; ``removed`` counts profiles per rule, ``unscored`` those that hold too little data."""

    offer_id: str
    matches: tuple[Match, ...]
    considered: int
    allowed: int
    unscored: int
    removed: Mapping[str, int]
    applied: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class People:
    """Profiles as the engine reads them on one day; rows in ascending order of id.

    ``ids`` (profiles,), UTF-8; ``digests`` (profiles,): of each stored record, empty when not stored. ``reasons``: codes of
    `guidance.may_match`; ``withheld``: outside names of the fields that may not be used, between commas. ``known``
    (profiles, comparisons): whether the profile holds something for a comparison.
    """

    ids: npt.NDArray[np.bytes_]
    digests: npt.NDArray[np.bytes_]
    reasons: npt.NDArray[np.bytes_]
    withheld: npt.NDArray[np.bytes_]
    arrays: vectors.Profiles
    known: npt.NDArray[np.bool_]
    today: date

    def id(self, row: int) -> str:
        """Give the id of a profile."""
        return bytes(self.ids[row]).decode()


@dataclass(frozen=True, eq=False)
class Matcher:
    """Everything that a question is matched against; replaced by assignment when something changes."""

    taxonomy: Taxonomy
    geography: Geography
    groups: Mapping[str, GroupRules]
    model: MatchModel
    stock: Stock

    @classmethod
    def build(
        cls,
        taxonomy: Taxonomy,
        geography: Geography,
        groups: Mapping[str, GroupRules],
        model: MatchModel,
        offers: Sequence[Offer],
    ) -> "Matcher":
        """Arrange offers, given in any order."""
        return cls(taxonomy, geography, groups, model, stock.build(offers, taxonomy, geography, tuple(groups)))

    def world(self, today: date) -> World:
        """Give what comparisons read besides the two records, on one day."""
        return self._world._replace(today=today.toordinal())

    @cached_property
    def _world(self) -> World:
        akin_start, akin = self.taxonomy.akin
        return World(
            akin_start=akin_start,
            akin=akin,
            related_start=self.taxonomy.related_start,
            related=self.taxonomy.related_competence,
            related_credit=self.taxonomy.related_credit,
            similarity=self.taxonomy.occupation_similarity,
            minutes=self.geography.minutes,
            imported=self.geography.imported & (not self.geography.at_most),
            freshness=FRESHNESS,
            today=0,
        )

    @cached_property
    def grouped(self) -> bool:
        """Whether grouping saves work: what is computed for facet values is less than half of that for every offer.

        Where hardly two offers are alike the plain loop is as quick.
        """
        return 2 * int(self.stock.groups.facet[-1]) < stock.N_FACETS * len(self.stock.ids)

    def scratch(self) -> bounds.Scratch:
        """Make arrays for the compiled search to work in, one set for each thread."""
        return bounds.scratch(len(self.taxonomy.competences), self.stock.groups)

    def scale(self, tables: npt.NDArray[np.float64]) -> bounds.Scale:
        """Give the model as the search reads it, with the tables of one request."""
        floors = np.array([self.model.floor] + [self.model.partner_floor] * (len(vectors.KINDS) - 1))
        return bounds.Scale(tables, self.model.intercept, floors, self.model.bands[1])

    def people(self, profiles: Sequence[Profile], today: date, override: Override | None = None) -> People:
        """Turn profiles into arrays: fields that may not be used become unknown, LINK's dates are applied."""
        records = sorted(profiles, key=lambda profile: profile.id)
        usables = [usable(record, today) for record in records]
        gates = [may_match(record, self.groups, today, override) for record in records]
        arrays = vectors.profiles(
            [record for record, _ in usables],
            [(BLOCKED not in dropped, gate) for (_, dropped), (gate, _) in zip(usables, gates, strict=True)],
            self.taxonomy,
            self.geography,
            tuple(self.groups),
        )
        nothing = np.zeros(len(records), dtype=np.bool_)
        return People(
            ids=np.array([record.id.encode() for record in records], dtype=np.bytes_),
            digests=np.full(len(records), b""),
            reasons=np.array([reason.encode() for _, reason in gates], dtype=np.bytes_),
            withheld=np.array([",".join(sorted(dropped)).encode() for _, dropped in usables], dtype=np.bytes_),
            arrays=arrays._replace(key=stock.keys(arrays)),
            known=np.stack([nothing if c.known is None else c.known(arrays) for c in COMPARISONS], axis=1),
            today=today,
        )

    def suggest(self, profile: Profile, today: date, wish: Wish | None = None, override: Override | None = None) -> Suggestions:
        """Find the best offers of each kind for one profile.

        Raises
        ------
        DataError
            For weights of comparisons that do not exist.
        """
        wish = wish or Wish()
        people = self.people([profile], today, override)
        tables, applied = self.model.weighted(wish.weights)
        shares, enough = self.profile_data(people)
        profile_coverage, missing = float(shares[0]), self._missing(people)
        if not people.arrays.rows[0]["basis"] or people.arrays.rows[0]["gate"] == 0:
            return self._without_score(people, "closed", profile_coverage, missing, applied)
        if not enough[0]:
            return self._without_score(people, "too_little_known", profile_coverage, missing, applied)
        world = self.world(today)
        n_kinds = len(vectors.KINDS)
        wanted = np.array([kind in wish.kinds for kind in vectors.KINDS])
        best, near_best = bounds.lists((n_kinds, wish.top + wish.reserve)), bounds.lists((NEAR_MISSES,))
        counts: Any = np.zeros((rules.N_RULES + 2, 4), dtype=np.int64)
        search = kernel.survey_offers if self.grouped else kernel.look_at_all
        search(
            people.arrays, 0, self.stock.offers, self.stock.groups, world, self.scale(tables), self.scratch(),
            rules.NEGOTIABLE, rules.bits_of(wish.relax), wanted, *best, *near_best, counts,
        )  # fmt: skip
        lists = {kind: _kept(best.rows[at], kind, wish) for at, kind in enumerate(vectors.KINDS) if wanted[at]}
        near_rows, courses = near_best.rows[near_best.rows >= 0], self._courses(people)
        *listed, near, led = self._each(people, [*lists.values(), near_rows, courses], world, tables)
        found = dict(zip(lists, listed, strict=True))
        vacancies = found.get(Kind.VACANCY, ())
        found |= {Kind.VACANCY: vacancies[: wish.top]} if vacancies else {}
        totals = counts[rules.N_RULES]
        prices = tuple(
            Price(rule.limit, *(int(n) for n in (counts[bit, 0], counts[bit, 1], counts[bit, 3], counts[bit, 2])))
            for bit, rule in enumerate(rules.RULES)
            if rule.limit is not None and counts[bit, 0]
        )
        return Suggestions(
            profile_id=profile.id,
            status="ok" if found.get(Kind.VACANCY) or Kind.VACANCY not in wish.kinds else "nothing_suitable",
            gate_reason=bytes(people.reasons[0]).decode(),
            lists=found,
            near_misses=near,
            dutch_courses=_best_courses(led, wish.relax),
            considered=int(totals[0]),
            allowed=int(totals[1]),
            suitable=int(totals[2]),
            good=int(totals[3]),
            removed={rule.name: int(counts[bit, 0]) for bit, rule in enumerate(rules.RULES) if counts[bit, 0]},
            prices=prices,
            jointly=int(counts[rules.N_RULES + 1, 0]),
            relaxation=_best_relaxation(prices, int(totals[2]), wish.top),
            profile_coverage=profile_coverage,
            missing=missing,
            withheld=tuple(filter(None, bytes(people.withheld[0]).decode().split(","))),
            applied=applied,
            reserve=vacancies[wish.top :],
        )

    def candidates(self, offer: Offer, people: People, top: int = 20, weights: Mapping[str, float] | None = None) -> Candidates:
        """Find the best people for one offer, in the index or not."""
        tables, applied = self.model.weighted(weights or {})
        alone = self.over([offer])
        _, enough = self.profile_data(people)
        best = bounds.lists((top,))
        counts = np.zeros(rules.N_RULES + 1, dtype=np.int64)
        world, scratch = self.world(people.today), self.scratch()
        kernel.top_profiles(
            people.arrays, 0, len(people.ids), alone.stock.offers, 0, world, self.scale(tables), scratch,
            np.empty_like(scratch.credit), enough, True, *best, counts,
        )  # fmt: skip
        rows = best.rows[best.rows >= 0]
        matches = alone.matches(people, rows, np.zeros_like(rows), world, tables)
        return Candidates(
            offer_id=offer.id,
            matches=tuple(replace(match, rank=rank) for rank, match in enumerate(matches, 1)),
            considered=len(people.ids),
            allowed=int(counts[-1]),
            unscored=int((~enough).sum()),
            removed={rule.name: int(counts[bit]) for bit, rule in enumerate(rules.RULES) if counts[bit]},
            applied=applied,
        )

    def over(self, offers: Sequence[Offer], proposed: Mapping[str, int] | None = None) -> "Matcher":
        """Give a matcher over other offers: one that is not in the stock, or a file of them, with proposals already made."""
        made = Matcher.build(self.taxonomy, self.geography, self.groups, self.model, offers)
        return replace(made, stock=stock.with_proposals(made.stock, proposed)) if proposed else made

    def explain(
        self, profile: Profile, offer: Offer, today: date, weights: Mapping[str, float] | None = None
    ) -> tuple[Match | None, tuple[str, ...]]:
        """Score one pair, suggested or not; ``None`` and the missing fields when the profile holds too little data."""
        tables, _ = self.model.weighted(weights or {})
        people = self.people([profile], today)
        _, enough = self.profile_data(people)
        missing = self._missing(people)
        if not enough[0] or not people.arrays.rows[0]["basis"]:
            return None, missing
        return self.over([offer]).match(people, 0, 0, self.world(today), tables, 1), missing

    def _each(
        self, people: People, blocks: Sequence[npt.NDArray[np.int64]], world: World, tables: npt.NDArray[np.float64]
    ) -> list[tuple[Match, ...]]:
        """Score the one profile with several lists of rows of offers, all at once; ranks start at 1 in each list."""
        second = np.concatenate(blocks)
        made = iter(self.matches(people, np.zeros_like(second), second, world, tables))
        return [tuple(replace(next(made), rank=rank) for rank in range(1, len(block) + 1)) for block in blocks]

    def match(
        self, people: People, i: int, j: int, world: World, tables: npt.NDArray[np.float64], rank: int
    ) -> Match:
        """Score one pair of rows with everything that explains it."""
        (made,) = self.matches(people, np.array([i]), np.array([j]), world, tables)
        return replace(made, rank=rank)

    def matches(
        self, people: People, first: Longs, second: Longs, world: World, tables: npt.NDArray[np.float64]
    ) -> list[Match]:
        """Score pairs of rows with everything that explains them; the same numbers as the search's, bit for bit.

        ``first`` and ``second`` (pairs,) are rows of profiles and of offers. All have rank 1.
        """
        pairs = compare_pairs(
            people.arrays, first, self.stock.offers, second, world, self.scale(tables), len(self.taxonomy.competences)
        )
        profile_ids, offer_ids = [people.id(i) for i in first.tolist()], [self.stock.id(j) for j in second.tolist()]
        return as_matches(pairs, profile_ids, offer_ids, self.taxonomy.competences, self.model, tables)

    def _courses(self, people: People) -> npt.NDArray[np.int64]:
        """Give the rows of the courses that lead a person with little or unknown Dutch one or two levels further."""
        level = int(people.arrays.level[0, DUTCH])
        if level >= LOW_DUTCH:
            return np.zeros(0, dtype=np.int64)
        steps = range(1, LOW_DUTCH + 1) if level < 0 else range(level + 1, level + 3)
        return np.array(sorted({row for row, leads_to in self.stock.courses.tolist() if leads_to in steps}), dtype=np.int64)

    def profile_data(self, people: People) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Give, per profile, the share of the weight for which it holds data, and whether that is enough for a score."""
        weight = self.model.weight
        core = np.array([not CORE.isdisjoint(c.reads) for c in COMPARISONS])
        reads = np.array([c.known is not None for c in COMPARISONS])
        shares = np.where(people.known, weight, 0.0).sum(axis=1) / weight[reads].sum()
        return shares, people.known[:, core].any(axis=1) & (shares >= self.model.profile_floor)

    def _missing(self, people: People) -> tuple[str, ...]:
        """Name the fields that the one profile lacks, the heaviest first."""
        fields: dict[str, float] = {}
        for comparison, known, weight in zip(COMPARISONS, people.known[0], self.model.weight, strict=True):
            for name in () if known else comparison.reads:
                fields[camel(name)] = fields.get(camel(name), 0.0) + float(weight)
        return tuple(sorted(fields, key=lambda name: (-fields[name], name)))

    def _without_score(
        self, people: People, status: str, coverage: float, missing: tuple[str, ...], applied: Mapping[str, float]
    ) -> Suggestions:
        return Suggestions(
            profile_id=people.id(0),
            status=status,
            gate_reason=bytes(people.reasons[0]).decode(),
            lists={},
            near_misses=(),
            dutch_courses=(),
            considered=int((self.stock.offers.rows["kind"] == vectors.KINDS.index(Kind.VACANCY)).sum()),
            allowed=0,
            suitable=0,
            good=0,
            removed={},
            prices=(),
            jointly=0,
            relaxation=None,
            profile_coverage=coverage,
            missing=missing,
            withheld=tuple(filter(None, bytes(people.withheld[0]).decode().split(","))),
            applied=applied,
        )


def _kept(rows: npt.NDArray[np.int64], kind: Kind, wish: Wish) -> npt.NDArray[np.int64]:
    """Give the rows found of one kind; partner offers stand beside the vacancies in short lists, without reserve."""
    found = rows[rows >= 0]
    return found if kind == Kind.VACANCY else found[: min(PARTNER_TOP, wish.top)]


def _best_courses(matches: Sequence[Match], relax: Collection[Limit]) -> tuple[Match, ...]:
    """Give the best of some courses that the rules allow."""
    aside = {rule.name for rule in rules.RULES if rule.limit in relax}
    best = sorted((m for m in matches if aside.issuperset(m.failed)), key=lambda m: (-m.score, m.offer_id))[:PARTNER_TOP]
    return tuple(replace(m, rank=rank) for rank, m in enumerate(best, 1))


def _best_relaxation(prices: Sequence[Price], suitable: int, top: int) -> Limit | None:
    """Choose the one limit that opens most suitable vacancies, when fewer than asked for are left; ties by order."""
    if suitable >= top:
        return None
    best: Any = max(prices, key=lambda price: (price.suitable, price.good), default=None)
    return best.limit if best is not None and best.suitable else None
