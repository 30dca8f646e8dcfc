"""A batch from start to end: whom it is about, the best of each, spread or not, said, logged, and put together.

The search takes seconds and is done anew; saying and logging take longer and are kept block by block in a folder named after
everything the result depends on, so that a run that was stopped goes on where it was, with the same result to the last
letter. Ids of lists and suggestions come from that name too: logging twice is logging once.
"""

import json
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import joblib
import numpy as np

from matching import batches, exposure, guidance
from matching.allocation import Allocation, Pairs, allocate, places_left
from matching.answers import MatchAnswer, as_json
from matching.batch_files import Batch, Given, Result
from matching.bounds import Lists
from matching.codes import Kind
from matching.desk import BATCHES, NO_CANDIDATES, POLICY, Asker, Desk, Question
from matching.explanation import Said, Speaker
from matching.indexes import writing
from matching.listings import MATCH_COLUMNS, match_row
from matching.loading import Loaded
from matching.matcher import Matcher, People, Wish
from matching.pairs import Match
from matching.records import Offer, Problem, Profile
from matching.store import Conflict

Progress = Callable[[str, int, int], None]

BLOCK: Final = 50
"""Lists that are said, logged and kept together."""
POOL: Final = 100
"""Suggestions of each list from which spreading may choose, at least."""
OLD_SECONDS: Final = 2 * 24 * 3600
"""After this long what a stopped run left is dropped."""
SPREAD_POLICY: Final = "spread"
TAKEN: Final = (
    "Tout ce qui convenait est allé à d'autres listes (répartition).",
    "Alles wat paste, ging naar andere lijsten (spreiding).",
    "All that fitted went to other lists (spreading).",
)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """The lists of a run as arrays: for each subject the rows on the other side, best first; -1 where there are fewer."""

    loaded: Loaded
    matcher: Matcher
    people: People
    subjects: np.ndarray[Any, np.dtype[np.int64]]
    others: np.ndarray[Any, np.dtype[np.int64]]
    wanted: np.ndarray[Any, np.dtype[np.bool_]]
    """Subjects that had any suggestion before spreading."""
    report: exposure.SpreadReport | None


def run(
    desk: Desk, batch: Batch, given: Given, asker: Asker, progress: Progress = lambda *_: None, scheduler: str = ""
) -> Result:
    """Answer a batch; what was done before by a run that was stopped is taken over.

    Parameters
    ----------
    progress
        Told the step (``rank``, ``say``), how much of it is done, and out of how much.
    scheduler
        Address of a Dask scheduler that does the search, or "" for threads of this process.

    Raises
    ------
    DataError
        For an offer that may have no list of people, or for unknown comparisons.
    """
    given, today = _allowed(batch, given), desk.today(batch.as_of)
    with _backend(scheduler):
        ranked = _rank(desk, batch, given, today, progress)
    settings = _settings(batch, given, ranked, asker, today)
    name = sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:24]
    folder = desk.folder / BATCHES / name
    _drop_old(desk.folder / BATCHES, name)
    with writing(folder):
        blocks = [
            _said(desk, batch, given, ranked, asker, today, name, folder, first)
            for first in _told(range(0, len(given.records), BLOCK), len(given.records), progress)
        ]
    shutil.rmtree(folder, ignore_errors=True)
    return Result(
        items=tuple(item for block in blocks for item in block["items"]),
        rows=tuple(tuple(row) for block in blocks for row in block["rows"]),
        problems=given.problems,
        settings=settings,
        spreading=tuple(exposure.rows(ranked.report, asker.lang)) if ranked.report else (),
    )


def _allowed(batch: Batch, given: Given) -> Given:
    """Take out offers whose public would tell a person's group: they have no list of people."""
    if batch.direction == "profiles":
        return given
    kept, problems = list[Profile | Offer](), list(given.problems)
    for record in given.records:
        if isinstance(record, Offer) and record.kind != Kind.VACANCY and record.audience:
            problems.append(Problem("no_candidates", f"offer {record.id}", "audience", None, "an offer without audience"))
        else:
            kept.append(record)
    return Given(tuple(kept), tuple(problems))


def _rank(desk: Desk, batch: Batch, given: Given, today: date, progress: Progress) -> _Ranked:
    loaded = desk.loaded()
    pool = max(batch.top, POOL) if batch.spread else batch.top
    n = len(given.records)
    if batch.direction == "profiles":
        matcher, people = loaded.matcher, loaded.matcher.people([r for r in given.records if isinstance(r, Profile)], today)
        order = {name.decode(): row for row, name in enumerate(people.ids.tolist())}
        subjects = np.array([order[record.id] for record in given.records], dtype=np.int64)
        lists = batches.best_vacancies(
            matcher, people, subjects, pool, batch.weights, batch.relax, lambda done: progress("rank", done, n)
        )
    else:
        people = desk.people(today)
        matcher = loaded.matcher.over([r for r in given.records if isinstance(r, Offer)], desk.store.proposal_counts())
        order = {name.decode(): row for row, name in enumerate(matcher.stock.ids.tolist())}
        subjects = np.array([order[record.id] for record in given.records], dtype=np.int64)
        lists = batches.best_people(matcher, people, subjects, pool, batch.weights, lambda done: progress("rank", done, n))
    wanted = lists.rows[:, 0] >= 0 if n else np.zeros(0, dtype=np.bool_)
    if not batch.spread:
        return _Ranked(loaded, matcher, people, subjects, lists.rows, wanted, None)
    others, report = _spread(batch, matcher, people, subjects, lists)
    return _Ranked(loaded, matcher, people, subjects, others, wanted, report)


def _spread(
    batch: Batch, matcher: Matcher, people: People, subjects: Any, lists: Lists
) -> tuple[Any, exposure.SpreadReport]:
    """Choose which suggestions are kept, and put the lists together again."""
    at, place = np.nonzero(lists.rows >= 0)
    one, other, score = subjects[at], lists.rows[at, place], lists.scores[at, place]
    of_people = batch.direction == "profiles"
    profile, offer = (one, other) if of_people else (other, one)
    offers = matcher.stock.offers
    left = np.where(offers.rows["left"] < 0, np.nan, offers.rows["left"].astype(np.float64))
    places = places_left(left, offers.proposed, batch.per_position)
    if not of_people:
        places = np.minimum(places, batch.top)
    most = min(batch.top, batch.per_profile) if of_people else batch.per_profile
    pairs = Pairs(profile, offer, score, len(people.ids), len(matcher.stock.ids))
    found: Allocation = allocate(pairs, places, most)
    kept = np.full((len(subjects), batch.top), -1, dtype=np.int64)
    filled = np.zeros(len(subjects), dtype=np.int64)
    for pair in np.flatnonzero(found.kept).tolist():  # the pairs of a subject stand best first
        subject = at[pair]
        kept[subject, filled[subject]] = other[pair]
        filled[subject] += 1
    return kept, exposure.spread_report(pairs, places, most, found.kept)


def _said(
    desk: Desk, batch: Batch, given: Given, ranked: _Ranked, asker: Asker, today: date, name: str, folder: Path, first: int
) -> dict[str, Any]:
    """Say and log one block of lists, or read it as it was kept."""
    kept = folder / f"block-{first:08d}.json"
    if not kept.exists():
        positions = range(first, min(first + BLOCK, len(given.records)))
        block = _Block(desk, batch, given, ranked, asker, today, name).answer(positions)
        fresh = kept.with_suffix(".part")
        fresh.write_text(json.dumps(block, ensure_ascii=False, allow_nan=False), encoding="utf-8")
        fresh.replace(kept)
    done: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return done


@dataclass(frozen=True, slots=True)
class _Block:
    """Some lists of a run, on their way to be said."""

    desk: Desk
    batch: Batch
    given: Given
    ranked: _Ranked
    asker: Asker
    today: date
    name: str

    def answer(self, positions: Iterable[int]) -> dict[str, Any]:
        """Say and log the lists at some positions."""
        found, say = self._matches(list(positions)), self.desk.speaker(self.ranked.loaded, self.asker, self.today)
        matches = [match for some in found.values() for match in some]
        if self.batch.direction == "profiles":
            wanted = {match.offer_id for match in matches}
            records: Any = {name: stored.record for name, stored in self.desk.store.offers_of(wanted).items()}
        else:
            wanted = {match.profile_id for match in matches}
            records = self.desk.shown_people(matches, self.today)
        if len(records) < len(wanted):
            raise Conflict("records", sorted(wanted - set(records)))  # removed since they were searched: ask again
        items, rows, logged = [], [], []
        kept: dict[str, Said] = defaultdict(dict)
        for at, some in found.items():
            said = tuple(self._said(match, self.given.records[at], records, say, kept) for match in some)
            message, cause = ("", "") if said else self._nothing(at, say)
            items.append({"id": self.given.records[at].id, "message": message, "matches": [as_json(one) for one in said]})
            rows += [match_row(self.batch.direction, one) for one in said] or [self._empty_row(at, message)]
            logged.append(self._logged(at, some, said, cause))
        self.desk.store.record_lists(logged, self.desk.clock())
        return {"items": items, "rows": rows}

    def _matches(self, positions: Sequence[int]) -> dict[int, list[Match]]:
        """Give the matches of the lists at some positions, all compared in one call."""
        matcher = self.ranked.matcher
        tables, _ = matcher.model.weighted(self.batch.weights)
        others = self.ranked.others[positions]
        at, place = np.nonzero(others >= 0)
        subject, other = self.ranked.subjects[positions][at], others[at, place]
        first, second = (subject, other) if self.batch.direction == "profiles" else (other, subject)
        found: dict[int, list[Match]] = {position: [] for position in positions}
        pairs = matcher.matches(self.ranked.people, first, second, matcher.world(self.today), tables)
        for n, match in zip(at.tolist(), pairs, strict=True):
            some = found[positions[n]]
            some.append(replace(match, rank=len(some) + 1))
        return found

    def _said(
        self, match: Match, subject: Any, records: Mapping[str, Any], say: Speaker, kept: Mapping[str, Said]
    ) -> MatchAnswer:
        if self.batch.direction == "profiles":
            profile, offer = guidance.usable(subject, self.today)[0], records[match.offer_id]
        else:
            profile, offer = records[match.profile_id], subject
        said = (kept[f"profile {profile.id}"], kept[f"offer {offer.id}"])
        return self.desk.say_match(match, profile, offer, say, self.asker, self._id(profile.id, offer.id), *said)

    def _id(self, *parts: str) -> str:
        return sha256("\0".join([self.name, *parts]).encode()).hexdigest()[:32]

    def _nothing(self, at: int, say: Speaker) -> tuple[str, str]:
        """Say why a list is empty, and give the cause as it is logged."""
        if self.ranked.wanted[at]:
            return say.pick(TAKEN), SPREAD_POLICY
        subject = self.given.records[at]
        if isinstance(subject, Offer):
            return say.pick(NO_CANDIDATES), ""
        wish = Wish(1, frozenset({Kind.VACANCY}), self.batch.weights, self.batch.relax)
        answer = self.ranked.loaded.matcher.suggest(subject, self.today, wish)
        dates = guidance.timeline(subject, self.desk.groups, self.today)
        return say.status(answer, guidance.say(answer.gate_reason, dates, say.lang)), answer.cause

    def _empty_row(self, at: int, message: str) -> tuple[Any, ...]:
        """Give the row of a list without matches: whom it is about, and why it is empty."""
        subject = self.given.records[at]
        profile = subject.id if isinstance(subject, Profile) else None
        offer, title = (subject.id, subject.title) if isinstance(subject, Offer) else (None, None)
        told = {"list": self.batch.direction, "profileId": profile, "offerId": offer, "title": title, "note": message}
        return tuple(told.get(name) for name in MATCH_COLUMNS)

    def _logged(self, at: int, matches: Sequence[Match], said: Sequence[MatchAnswer], cause: str) -> Any:
        subject, of_people = self.given.records[at].id, self.batch.direction == "profiles"
        by_other = {match.offer_id if of_people else match.profile_id: match for match in matches}
        policy = SPREAD_POLICY if self.batch.spread else POLICY
        question = Question(self.today, self.batch.top, weights=self.batch.weights, relax=self.batch.relax)
        return self.desk.listed(
            self._id("list", subject), "suggest" if of_people else "candidates", subject, policy, said, by_other, question,
            self.asker, self.ranked.loaded, self.today, cause=cause if of_people else None,
        )  # fmt: skip


def _settings(batch: Batch, given: Given, ranked: _Ranked, asker: Asker, today: date) -> dict[str, Any]:
    """Say everything that a result depends on."""
    subjects = sha256("\n".join(repr(record) for record in given.records).encode()).hexdigest()[:16]
    people = sha256(b"\n".join(ranked.people.digests.tolist())).hexdigest()[:16]
    spreading = {"perProfile": batch.per_profile, "perPosition": batch.per_position} if batch.spread else {}
    versions = ranked.loaded.versions
    return {
        "direction": batch.direction,
        "asOf": today.isoformat(),
        "language": asker.lang,
        "role": asker.role.value,
        "top": batch.top,
        "weights": dict(sorted(batch.weights.items())),
        "relax": sorted(batch.relax),
        "spread": batch.spread,
        **spreading,
        "lists": len(given.records),
        "given": subjects,
        "people": people,
        "model": versions.model,
        "taxonomy": versions.taxonomy,
        "data": versions.data,
    }


def _told(steps: Sequence[int], total: int, progress: Progress) -> Iterator[int]:
    for first in steps:
        yield first
        progress("say", min(first + BLOCK, total), total)


def _drop_old(folder: Path, name: str) -> None:
    """Drop what runs left that were stopped long ago."""
    for path in folder.glob("*") if folder.exists() else ():
        if path.name != name and time.time() - path.stat().st_mtime > OLD_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _backend(scheduler: str) -> Iterator[None]:
    """Let a Dask cluster do the search, when there is one."""
    if not scheduler:
        yield
        return
    from distributed import Client  # an extra: only who has a cluster needs it

    with Client(scheduler), joblib.parallel_config(backend="dask"):
        yield
