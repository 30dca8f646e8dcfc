"""Spreading a batch over open positions: the optimum, its proof, and what stays the same."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, linprog, milp

import naive_allocation as naive
from matching import allocation
from matching.allocation import STEPS, Allocation, Pairs, allocate, bound, most_filled, places_left, proved_full, steps
from matching.flow import NotOptimalError, Whole, cheapest


def pairs_of(listed: Sequence[naive.Pair], n_profiles: int, n_offers: int) -> Pairs:
    """Pairs from (profile, offer, score in steps)."""
    table = np.array(listed, np.int64).reshape(-1, 3)
    return Pairs(table[:, 0], table[:, 1], table[:, 2] / STEPS, n_profiles, n_offers)


def told(pairs: Pairs) -> list[naive.Pair]:
    return list(zip(pairs.profile.tolist(), pairs.offer.tolist(), steps(pairs.score).tolist(), strict=True))


def reached(pairs: Pairs, found: Allocation) -> tuple[int, int, int]:
    return naive.worth(told(pairs), found.kept.tolist())


def proved(pairs: Pairs, places: Whole, most: int, found: Allocation) -> bool:
    """Whether the prices prove the sum, by the twin's own addition."""
    filled, covered, total = reached(pairs, found)
    u, v = found.profile_price.tolist(), found.offer_price.tolist()
    return min(v, default=0) >= 0 and total == naive.bound(
        told(pairs), places.tolist(), most, covered, filled, u, v, *found.unit_prices
    )


def random_pairs(rng: np.random.Generator, n_profiles: int, n_offers: int, share: float, scores: tuple[int, int]) -> Pairs:
    profile, offer = np.nonzero(rng.random((n_profiles, n_offers)) < share)
    return Pairs(profile, offer, rng.integers(*scores, len(profile)) / STEPS, n_profiles, n_offers)


@st.composite
def small_worlds(draw: st.DrawFn) -> tuple[list[naive.Pair], int, list[int], int]:
    n_profiles, n_offers = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    every = [(p, o) for p in range(n_profiles) for o in range(n_offers)]
    chosen = draw(st.lists(st.sampled_from(every), unique=True, max_size=9))
    scores = draw(st.lists(st.integers(-9, 3) | st.integers(-(2**26), 2**26), min_size=len(chosen), max_size=len(chosen)))
    places = draw(st.lists(st.integers(0, 3), min_size=n_offers, max_size=n_offers))
    listed = [(p, o, score) for (p, o), score in zip(chosen, scores, strict=True)]
    return listed, n_profiles, places, draw(st.integers(1, 3))


@settings(max_examples=300, deadline=None)
@given(small_worlds())
def test_nothing_better_exists_among_all_allocations(world: tuple[list[naive.Pair], int, list[int], int]) -> None:
    listed, n_profiles, places, most = world
    pairs = pairs_of(listed, n_profiles, len(places))
    found = allocate(pairs, np.array(places), most)
    every = naive.every_allocation(listed, places, most)
    assert naive.allowed(listed, found.kept.tolist(), places, most)
    assert reached(pairs, found) == max(every)
    # The most places and the fewest empty lists go together.
    assert max(every)[:2] == (max(filled for filled, _, _ in every), max(covered for _, covered, _ in every))
    assert (found.filled, found.empty) == (max(every)[0], len({p for p, _, _ in listed}) - max(every)[1])
    assert proved(pairs, np.array(places), most, found)


def solved_otherwise(pairs: Pairs, places: Whole, most: int) -> tuple[int, int, int]:
    """The same aim as one weighted whole objective, by HiGHS' branch and bound: scores here lie between -50 and 49 steps."""
    n, m, e = pairs.n_profiles, pairs.n_offers, len(pairs.score)
    unit = 100 * min(n * most, e) + 1
    gain = np.concatenate([steps(pairs.score) + unit * (n + 1), np.full(n, unit)])
    columns, limits = np.arange(e), np.zeros((2 * n + m, e + n))
    limits[pairs.profile, columns] = 1
    limits[n + pairs.offer, columns] = 1
    limits[n + m + pairs.profile, columns] = -1
    limits[n + m + np.arange(n), e + np.arange(n)] = 1  # a list counts as not empty only when something is in it
    top = np.concatenate([np.full(n, most), places, np.zeros(n)])
    caps = LinearConstraint(limits, ub=top)
    answer = milp(-gain, constraints=caps, bounds=Bounds(0, 1), integrality=1, options={"mip_rel_gap": 0})
    return naive.worth(told(pairs), (answer.x[:e] > 0.5).tolist())


@pytest.mark.parametrize("seed", range(12))
def test_an_independent_solver_agrees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs = random_pairs(rng, 15, 8, 0.4, (-50, 50))
    places, most = rng.integers(0, 5, 8), int(rng.integers(1, 4))
    assert reached(pairs, allocate(pairs, places, most)) == solved_otherwise(pairs, places, most)


@pytest.mark.parametrize("seed", range(5))
def test_one_to_one_is_the_assignment_problem(seed: int) -> None:
    pairs = random_pairs(np.random.default_rng(seed), 40, 40, 1, (-(2**24), 2**20))
    grid = pairs.score.reshape(40, 40)
    found = allocate(pairs, np.ones(40, np.int64), 1)
    assert found.filled == 40
    assert pairs.score[found.kept].sum() == grid[linear_sum_assignment(grid, maximize=True)].sum()


@pytest.mark.parametrize("seed", range(4))
def test_larger_worlds_are_proved_by_their_prices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs = random_pairs(rng, 120, 40, 0.3, ((-9, 0), (-(2**23), 2**21), (-1, 0), (-(2**25), 0))[seed])
    places, most = rng.integers(0, 12, 40), 4
    assert proved(pairs, places, most, allocate(pairs, places, most))


def test_filled_places_come_before_scores() -> None:
    # Profile 0 fits offers 0 and 1, profile 1 only offer 0, one place each. Best single pair: (0, 0) with -1, which would leave
    # profile 1 with nothing. Two places can be filled: -9 - 7 = -16.
    pairs = pairs_of([(0, 0, -1), (0, 1, -9), (1, 0, -7)], 2, 2)
    found = allocate(pairs, np.array([1, 1]), 2)
    assert found.kept.tolist() == [False, True, True]
    assert (found.filled, found.empty) == (2, 0)


def test_fewer_empty_lists_come_before_scores() -> None:
    # Two places, lists of at most two. Profile 0 alone would give -1 - 1 = -2; one each gives -1 - 50 = -51 and no empty list.
    pairs = pairs_of([(0, 0, -1), (0, 1, -1), (1, 0, -60), (1, 1, -50)], 2, 2)
    assert allocate(pairs, np.array([1, 1]), 2).kept.tolist() == [True, False, False, True]


def test_negative_scores_are_never_a_reason_to_give_nothing() -> None:
    pairs = random_pairs(np.random.default_rng(3), 30, 10, 1, (-(2**24), -(2**22)))
    found = allocate(pairs, np.full(10, 9), 3)
    assert (found.filled, found.empty) == (90, 0)  # 30 profiles x 3 fit in 10 offers x 9 places


def test_a_crowded_world() -> None:
    # Three vacancies with 10, 20 and 30 places, 2,000 interested people; person i scores -i on each.
    # 60 places: one each for the 60 people who fit best.
    grid = [(i, o, -i) for i in range(2000) for o in range(3)]
    pairs = pairs_of(grid, 2000, 3)
    found = allocate(pairs, np.array([10, 20, 30]), 3)
    assert (found.filled, found.empty) == (60, 1940)
    assert np.unique(pairs.profile[found.kept]).tolist() == list(range(60))
    assert np.bincount(pairs.offer[found.kept]).tolist() == [10, 20, 30]


def test_with_room_for_all_everybody_keeps_the_plain_list() -> None:
    pairs = random_pairs(np.random.default_rng(4), 50, 20, 0.5, (-(2**23), 0))
    found = allocate(pairs, np.full(20, 50), 4)
    assert found.kept.tolist() == naive.plain(told(pairs), 4)
    assert found.offer_price.tolist() == [0] * 20  # where nothing is scarce, a place is worth nothing


def test_no_places() -> None:
    found = allocate(pairs_of([(0, 0, -1), (1, 0, -2)], 3, 1), np.array([0]), 5)
    assert (found.kept.tolist(), found.filled, found.empty) == ([False, False], 0, 2)


@pytest.mark.parametrize(("n_profiles", "n_offers"), [(0, 0), (3, 2), (0, 2), (3, 0)])
def test_no_pairs(n_profiles: int, n_offers: int) -> None:
    found = allocate(pairs_of([], n_profiles, n_offers), np.full(n_offers, 4), 5)
    assert (found.kept.tolist(), found.filled, found.empty) == ([], 0, 0)


@settings(max_examples=60, deadline=None)
@given(small_worlds(), st.randoms(use_true_random=False))
def test_the_order_of_pairs_changes_nothing(world: tuple[list[naive.Pair], int, list[int], int], random: object) -> None:
    listed, n_profiles, places, most = world
    shuffled = list(listed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    kept = []
    for order in (listed, shuffled):
        found = allocate(pairs_of(order, n_profiles, len(places)), np.array(places), most)
        kept.append({pair for pair, keep in zip(order, found.kept, strict=True) if keep})
    assert kept[0] == kept[1]


@pytest.mark.parametrize(
    ("positions", "proposed", "per_position", "left"),
    [
        ([1, 2, 10], [0, 0, 0], 3, [3, 6, 30]),
        ([1, 2, 10], [1, 9, 4], 3, [2, 0, 26]),  # 3 - 1, 6 - 9 -> 0, 30 - 4
        ([float("nan")], [0], 5, [5]),  # unknown is one position
        ([1, 3], [0, 0], 0.5, [0, 1]),  # floor of 0.5 and 1.5
        ([100], [0], 0.29, [29]),  # 28.999999999999996 in float64
        ([], [], 1, []),
    ],
)
def test_places_left(positions: list[float], proposed: list[int], per_position: float, left: list[int]) -> None:
    assert places_left(positions, proposed, per_position).tolist() == left


@pytest.mark.parametrize(
    ("positions", "proposed", "per_position"),
    [([1], [0], 0), ([1], [0], float("nan")), ([-1], [0], 1), ([1.5], [0], 1), ([1], [-1], 1)],
)
def test_counts_that_are_none_are_refused(positions: list[float], proposed: list[float], per_position: float) -> None:
    with pytest.raises(ValueError, match=r"positive|whole"):
        places_left(positions, proposed, per_position)


@pytest.mark.parametrize(
    ("profile", "offer", "score"),
    [
        *(([0], [0], [0.1]), ([0], [0], [np.nan])),
        *(([0], [2], [0.5]), ([-1], [0], [0.5])),
        *(([0, 0], [1, 1], [0.5, 0.5]), ([0], [0, 1], [0.5])),
    ],
)
def test_pairs_that_cannot_be_spread_are_refused(profile: list[int], offer: list[int], score: list[float]) -> None:
    with pytest.raises(ValueError, match=r"score|position|twice|length"):
        Pairs(np.array(profile), np.array(offer), np.array(score), 2, 2)


def test_caps_that_are_none_are_refused() -> None:
    pairs = pairs_of([(0, 0, -1)], 1, 1)
    for places, most in ((np.array([1, 1]), 1), (np.array([-1]), 1), (np.array([0.5]), 1), (np.array([1]), 0)):
        with pytest.raises(ValueError, match=r"places|most"):
            allocate(pairs, places, most)


def test_worse_answers_do_not_pass_the_proofs() -> None:
    # One place: profile 0 at -1 or profile 1 at -2.
    pairs, places, listed = pairs_of([(0, 0, -1), (1, 0, -2)], 2, 1), np.array([1]), np.array([1, 1])
    best = allocate(pairs, places, 1)
    assert best.kept.tolist() == [True, False]
    assert bound(pairs, places, 1, best) == -1
    assert not proved_full(pairs, listed, places, np.array([False, False]))
    # Two offers, profile 0 holds both while profile 1 has none: as many places, one list too many empty.
    both = pairs_of([(0, 0, 0), (0, 1, 0), (1, 0, 0)], 2, 2)
    assert not proved_full(both, np.array([2, 1]), np.array([1, 1]), np.array([True, True, False]))
    assert proved_full(both, np.array([2, 1]), np.array([1, 1]), np.array([False, True, True]))


def test_an_answer_without_proof_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = pairs_of([(0, 0, -1), (1, 0, -2)], 2, 1)

    def backwards(tail: Whole, head: Whole, capacity: Whole, cost: Whole, supply: Whole) -> tuple[Whole, Whole]:
        return cheapest(tail, head, capacity, -cost, supply)

    monkeypatch.setattr(allocation, "cheapest", backwards)
    with pytest.raises(NotOptimalError, match="prove"):
        allocate(pairs, np.array([1]), 1)
    monkeypatch.undo()
    monkeypatch.setattr(allocation, "most_filled", lambda *_: 0)
    with pytest.raises(NotOptimalError, match="more places"):
        allocate(pairs, np.array([1]), 1)


def test_scores_too_far_apart_are_refused() -> None:
    pairs = Pairs(np.array([0, 0]), np.array([0, 1]), np.array([-(2.0**35), 2.0**35]), 1, 2)
    with pytest.raises(OverflowError, match="too large"):
        allocate(pairs, np.array([1, 1]), 1)


def test_a_network_without_a_way_is_refused() -> None:
    with pytest.raises(NotOptimalError, match="no way"):
        cheapest(np.array([0]), np.array([1]), np.array([1]), np.array([5]), np.array([2, -2]))


@pytest.mark.parametrize("seed", range(20))
def test_any_network_costs_what_linear_programming_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, arcs = 8, 30
    tail = rng.integers(0, n, arcs)
    head = (tail + rng.integers(1, n, arcs)) % n
    capacity, cost = rng.integers(0, 9, arcs), rng.integers(-40, 60, arcs)
    sent = rng.integers(0, capacity + 1)  # so that there is a way
    supply = np.bincount(tail, sent, n).astype(int) - np.bincount(head, sent, n).astype(int)
    flow, price = cheapest(tail, head, capacity, cost, supply)
    leaves = (np.arange(n)[:, None] == tail).astype(int) - (np.arange(n)[:, None] == head).astype(int)
    reduced = cost + price[tail] - price[head]
    assert (leaves @ flow == supply).all()
    assert ((flow >= 0) & (flow <= capacity)).all()
    assert (reduced[flow < capacity] >= 0).all()
    assert (reduced[flow > 0] <= 0).all()
    answer = linprog(cost, A_eq=leaves, b_eq=supply, bounds=np.stack([np.zeros(arcs), capacity], 1))
    assert flow @ cost == round(answer.fun)


def test_the_most_that_fits() -> None:
    # Offer 0 has one place, offer 1 two; profile 0 fits both, profiles 1 and 2 only offer 0: 1 + 1.
    pairs = pairs_of([(0, 0, 0), (0, 1, 0), (1, 0, 0), (2, 0, 0)], 3, 2)
    assert most_filled(pairs, np.array([2, 2, 2]), np.array([1, 2])) == 2


@pytest.mark.slow
def test_a_batch_of_twenty_thousand() -> None:
    rng = np.random.default_rng(7)
    n, m, each = 20_000, 5_000, 100
    popular = np.log(1 / np.arange(1, m + 1))
    offer = np.concatenate(
        [np.argpartition(-(popular + rng.gumbel(size=(500, m))), each)[:, :each].ravel() for _ in range(n // 500)]
    )
    score = np.rint(rng.normal(-3 + 0.2 * popular[offer], 1) * STEPS) / STEPS
    pairs = Pairs(np.repeat(np.arange(n), each), offer, score, n, m)
    places, most = places_left(rng.geometric(0.6, m), rng.integers(0, 3, m), 20), 10
    found = allocate(pairs, places, most)
    exposure, shown = np.bincount(offer[found.kept], minlength=m), np.bincount(pairs.profile[found.kept], minlength=n)
    assert (exposure <= places).all()
    assert shown.max() <= most
    assert (int(shown.sum()), int((shown == 0).sum())) == (found.filled, found.empty)
    # The certificate once more, as complementary slackness of every single pair, place and list.
    whole, u, v, (a, b) = steps(score), found.profile_price, found.offer_price, found.unit_prices
    gain = whole - u[pairs.profile] - v[offer]
    assert (gain[found.kept] >= 0).all()
    assert (gain[~found.kept] <= 0).all()
    assert (v >= 0).all()
    assert (exposure[v > 0] == np.minimum(places, np.bincount(offer, minlength=m))[v > 0]).all()
    assert (u[shown == 0] <= a).all()
    assert (u[shown > 0] >= a).all()
    assert (u[(shown > 0) & (shown < most)] <= b).all()
    assert (u[shown > 1] >= b).all()
    assert proved_full(pairs, np.full(n, most), places, found.kept)
