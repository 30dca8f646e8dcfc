"""The desk: a question from start to end. Read, match, explain, log, answer; what cannot be logged is not shown."""

import json
import shutil
import threading
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

import numpy as np

from matching import answers, guidance, indexes
from matching.codes import KIND_WORDS, Kind, Limit, Role, word
from matching.explanation import BANDS, Said, Speaker
from matching.exploring import EXPLORED, Slot, explore
from matching.exploring import POLICY as EXPLORING_POLICY
from matching.guidance import contact_for
from matching.loading import INDEXES, Held, Loaded, read_loaded
from matching.log import Direction, ShownList, ShownMatch
from matching.matcher import People, Suggestions, Wish
from matching.pairs import Match
from matching.records import BRUSSELS_TIME, DataError, Offer, Override, Problem, Profile
from matching.reference import read_guidance
from matching.settings import Settings
from matching.stocking import people_of
from matching.store import Conflict, Store
from models import registry

A = TypeVar("A")

TRIES: Final = 3
BATCHES: Final = "batches"
"""Folder of the batches under way."""
POLICY: Final = "exact-top-k"
NEAR_POLICY: Final = "near-misses"
PRIVATE_RULES: Final = frozenset({"basis", "guidance", "employer", "profession", "sector", "audience"})
"""Rules of which only a consultant hears: they tell of the person's group, choices or file."""
NOT_FOR_RECRUITERS: Final = (
    "pas proposable pour une raison propre au dossier",
    "niet voor te stellen om een reden eigen aan het dossier",
    "cannot be proposed, for a reason that belongs to the file",
)
NO_CANDIDATES: Final = (
    "Aucune personne ne convient assez aujourd'hui.",
    "Vandaag past niemand genoeg.",
    "Nobody fits well enough today.",
)


class NotFound(Exception):  # noqa: N818 - a name of the doors
    """A record that is not there, or not for this role."""

    def __init__(self, what: str, record: str) -> None:
        self.problem = Problem("not_found", what, "id", record[:64])
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, in which language."""

    key_id: str
    role: Role
    lang: str = "fr"


@dataclass(frozen=True, slots=True)
class Question:
    """What a list may be asked with."""

    as_of: date | None = None
    top: int = 10
    kinds: frozenset[Kind] = frozenset(Kind)
    weights: Mapping[str, float] = field(default_factory=dict)
    relax: frozenset[Limit] = frozenset()
    override: Override | None = None

    def as_json(self, today: date) -> str:
        """Write the question as it is logged, so that the list can be replayed."""
        return json.dumps(
            {
                "asOf": today.isoformat(),
                "top": self.top,
                "kinds": sorted(self.kinds),
                "weights": dict(sorted(self.weights.items())),
                "relax": sorted(self.relax),
            }
        )


class Desk:
    """Answers questions over a store; one per process, safe between threads."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
        chance: Callable[[], np.random.Generator] = np.random.default_rng,
    ) -> None:
        self.store = store
        self.clock = clock
        self.new_id = new_id
        self.chance = chance  # a generator for each list: forked processes would go on with copies of a single one
        self.exploration = settings.exploration
        self.groups = dict(read_guidance(settings.guidance))
        self.folder = settings.data_dir
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None
        self._people: tuple[tuple[Any, ...], People] | None = None

    def today(self, as_of: date | None = None) -> date:
        """Give the day a question is asked for: as asked, else today in Brussels."""
        return as_of or self.clock().astimezone(BRUSSELS_TIME).date()

    def loaded(self) -> Loaded:
        """Give what is matched against, read anew when offers, reference data, outcomes or the model in use changed.

        When the new state cannot be read, the last good one serves on, marked as degraded.
        """
        there, current = self.store.revisions(), self._loaded
        now = (there["offers"], there["reference"], there["outcomes"])
        try:
            model = registry.pointer(self.folder / registry.MODELS)
        except (DataError, OSError):
            if current is None:
                raise
            return current.degrade()
        if current is not None and (current.revisions, current.pointer) == (now, model):
            return current
        with self._lock:
            if self._loaded is not None and (self._loaded.revisions, self._loaded.pointer) == (now, model):
                return self._loaded
            try:
                self._loaded = read_loaded(self.store, now, self.groups, self.folder, self._loaded)
            except Exception:
                if self._loaded is None:
                    raise
                return self._loaded.degrade()
            return self._loaded

    def people(self, today: date) -> People:
        """Give every profile as the engine reads them on one day."""
        loaded = self.loaded()
        key = (self.store.revision("profiles"), loaded.revisions[1], today)
        held = self._people
        if held is None or held[0] != key:
            before = held[1] if held is not None and held[0][1] == loaded.revisions[1] else None
            held = (key, people_of(self.store, self.folder / INDEXES, before, loaded.matcher, today))
            self._people = held
        return held[1]

    def erase(self, profile_id: str) -> bool:
        """Erase a person from the store, and from the files that hold people as arrays; say whether anything was there."""
        self._people = None
        there = self.store.delete_profile(profile_id)
        indexes.remove(self.folder / INDEXES, "people-")
        shutil.rmtree(self.folder / BATCHES, ignore_errors=True)
        return there

    def profile(self, profile_id: str) -> Profile:
        """Read a profile, or say that there is none."""
        found = self.store.profile(profile_id)
        if found is None:
            raise NotFound("profile", profile_id)
        return found

    def offer(self, offer_id: str) -> Offer:
        """Read an offer, or say that there is none."""
        found = self.store.offer(offer_id)
        if found is None:
            raise NotFound("offer", offer_id)
        return found

    def suggest(self, profile: Profile, question: Question, asker: Asker) -> answers.SuggestionsAnswer:
        """Give the ranked lists for one profile, with reasons, near misses and prices; logged before it is shown."""
        today = self.today(question.as_of)
        # Who weighs or sets limits aside tries something out: such a list shows what these do, and nothing else.
        plain = asker.role == Role.CONSULTANT and not question.weights and not question.relax
        share = self.exploration if plain else 0.0
        wish = Wish(question.top, question.kinds, question.weights, question.relax, question.top if share else 0)

        def found_by(loaded: Loaded) -> tuple[Suggestions, dict[str, Match]]:
            answer = loaded.matcher.suggest(profile, today, wish, question.override)
            listed = (*answer.lists.values(), answer.reserve, answer.near_misses, answer.dutch_courses)
            return answer, {match.offer_id: match for matches in listed for match in matches}

        loaded, (found, by_offer), offers = self._with_offers(found_by)
        say = self.speaker(loaded, asker, today)
        list_id = self.new_id()
        sayable, _ = guidance.usable(profile, today)
        of_person: Said = {}

        def shown(matches: tuple[Match, ...]) -> tuple[answers.MatchAnswer, ...]:
            return tuple(
                self.say_match(m, sayable, one.record, say, asker, self.new_id(), of_person, one.said[asker.lang])
                for m, one in ((m, offers[m.offer_id]) for m in matches)
            )

        best = found.lists.get(Kind.VACANCY, ())
        slots = explore(best, found.reserve, share, self.chance()) if share else tuple(map(Slot, best))
        vacancies = tuple(
            replace(said, exploration=True, exploration_text=say.pick(EXPLORED)) if slot.exploration else said
            for slot, said in zip(slots, shown(tuple(slot.match for slot in slots)), strict=True)
        )
        near = shown(found.near_misses)
        partner = tuple(
            answers.PartnerList(kind, word(KIND_WORDS, kind, asker.lang), shown(matches))
            for kind, matches in found.lists.items()
            if kind != Kind.VACANCY and matches
        )
        courses = shown(found.dutch_courses)
        file = self._guidance(profile, found.gate_reason, today, asker.lang)
        answer = answers.SuggestionsAnswer(
            id=list_id,
            profile_id=profile.id,
            as_of=today,
            language=asker.lang,
            status=found.status,
            message=say.status(found, file.sentence),
            guidance=file,
            suggestions=vacancies,
            near_misses=near,
            partner_offers=partner,
            dutch_courses=courses,
            considered=found.considered,
            allowed=found.allowed,
            suitable=found.suitable,
            good=found.good,
            removed=tuple(answers.RemovedAnswer(*row) for row in say.removed(found.removed)),
            prices=tuple(
                answers.PriceAnswer(p.limit, p.removes, p.alone, p.suitable, p.good, say.price(p)) for p in found.prices
            ),
            jointly=found.jointly,
            relaxation=found.relaxation,
            relaxation_text=say.relaxation(found.relaxation),
            profile_coverage=found.profile_coverage,
            missing_fields=self._fields(say, found.missing),
            withheld_fields=found.withheld,
            weights=dict(question.weights),
            applied_weights=dict(found.applied),
            versions=loaded.versions,
            degraded=loaded.degraded,
        )
        listed = [*vacancies, *(m for group in partner for m in group.matches)]
        extra = [c for c in courses if c.offer_id not in {m.offer_id for m in listed}]
        about = (by_offer, question, asker, loaded, today)
        policy = EXPLORING_POLICY.format(share) if share else POLICY
        propensity = {slot.match.offer_id: slot.propensity for slot in slots}
        cause = found.cause if Kind.VACANCY in question.kinds else None
        main = self.listed(answer.id, "suggest", profile.id, policy, [*listed, *extra], *about, propensity, cause)
        beside = [self.listed(f"{answer.id}-near", "suggest", profile.id, NEAR_POLICY, near, *about)] if near else []
        self.store.record_suggestions(main, self.clock(), beside)
        return answer

    def candidates(self, offer: Offer, question: Question, asker: Asker) -> answers.CandidatesAnswer:
        """Give the best people for one offer; refused for an offer whose public would tell a person's group."""
        if offer.kind != Kind.VACANCY and offer.audience:
            accepted = "an offer without audience"
            raise DataError([Problem("no_candidates", offer.id, "audience", None, accepted)])
        today = self.today(question.as_of)
        for _ in range(TRIES):
            loaded, people = self.loaded(), self.people(today)
            found = loaded.matcher.candidates(offer, people, question.top, question.weights)
            records = self.shown_people(found.matches, today)
            if len(records) == len(found.matches):
                break
        else:  # somebody was erased meanwhile, each time
            raise Conflict("profiles", [match.profile_id for match in found.matches])
        say = self.speaker(loaded, asker, today)
        matches = tuple(
            self.say_match(m, records[m.profile_id], offer, say, asker, self.new_id()) for m in found.matches
        )
        answer = answers.CandidatesAnswer(
            id=self.new_id(),
            offer_id=offer.id,
            title=offer.title,
            as_of=today,
            language=asker.lang,
            message="" if matches else say.pick(NO_CANDIDATES),
            candidates=matches,
            considered=found.considered,
            allowed=found.allowed,
            unscored=found.unscored,
            weights=dict(question.weights),
            applied_weights=dict(found.applied),
            versions=loaded.versions,
            degraded=loaded.degraded,
        )
        by_profile = {m.profile_id: m for m in found.matches}
        logged = self.listed(answer.id, "candidates", offer.id, POLICY, matches, by_profile, question, asker, loaded, today)
        self.store.record_suggestions(logged, self.clock())
        return answer

    def _with_offers(self, ask: Callable[[Loaded], tuple[A, Mapping[str, Match]]]) -> tuple[Loaded, Any, dict[str, Held]]:
        """Ask the matcher, and give the offers it names; ask again when one of them was changed meanwhile."""
        for _ in range(TRIES):
            loaded = self.loaded()
            found = ask(loaded)
            held = {name: one for name in found[1] if (one := loaded.offers.get(name)) is not None}
            there = self.store.offers_of(found[1].keys() - held.keys())
            read = {name: Held(one.record) for name, one in there.items()}
            current = self.store.revision("offers") == loaded.revisions[0]
            if current:
                loaded.hold(read)
            if (current or loaded.degraded) and len(held) + len(read) == len(found[1]):
                return loaded, found, {**held, **read}
        raise Conflict("offers", list(found[1]))

    def shown_people(self, matches: Iterable[Match], today: date) -> dict[str, Profile]:
        """Read the profiles of matches, without what may not be used on the day."""
        there = self.store.profiles_of({match.profile_id for match in matches})
        return {name: guidance.usable(one.record, today)[0] for name, one in there.items()}

    def explain(self, profile: Profile, offer: Offer, question: Question, asker: Asker) -> answers.ExplanationAnswer:
        """Explain one pair, suggested or not, and log that it was shown."""
        loaded, today = self.loaded(), self.today(question.as_of)
        match, missing = loaded.matcher.explain(profile, offer, today, question.weights)
        say = self.speaker(loaded, asker, today)
        sayable, withheld = guidance.usable(profile, today)
        said = None if match is None else self.say_match(match, sayable, offer, say, asker, None)
        if match is not None and said is not None:
            about = ({match.offer_id: match}, question, asker, loaded, today)
            logged = self.listed(self.new_id(), "explain", profile.id, POLICY, [said], *about)
            self.store.record_suggestions(logged, self.clock())
        return answers.ExplanationAnswer(
            as_of=today,
            language=asker.lang,
            message="" if said else self._why_not(profile, withheld, missing, say, today),
            match=said,
            missing_fields=self._fields(say, missing),
            versions=loaded.versions,
        )

    def _why_not(self, profile: Profile, withheld: Collection[str], missing: tuple[str, ...], say: Speaker, today: date) -> str:
        """Say why a pair has no score: no basis for using the data, or too little of it."""
        if guidance.BLOCKED not in withheld:
            return say.no_score(missing)
        _, reason = guidance.may_match(profile, self.groups, today)
        return guidance.say(reason, guidance.timeline(profile, self.groups, today), say.lang)

    def speaker(self, loaded: Loaded, asker: Asker, today: date) -> Speaker:
        """Give who says matches in the language of the asker."""
        matcher = loaded.matcher
        return Speaker(matcher.taxonomy, matcher.geography, matcher.model, asker.lang, today)

    def _fields(self, say: Speaker, names: tuple[str, ...]) -> tuple[answers.FieldAnswer, ...]:
        return tuple(answers.FieldAnswer(*pair) for pair in zip(names, say.fields(names), strict=True))

    def _guidance(self, profile: Profile, reason: str, today: date, lang: str) -> answers.GuidanceAnswer:
        dates = guidance.timeline(profile, self.groups, today)
        contact, contact_role = contact_for(profile)
        return answers.GuidanceAnswer(
            state=dates.state,
            sentence=guidance.say(reason, dates, lang),
            ends=dates.ends,
            intake_due=dates.intake_due,
            intake_overdue=dates.intake_overdue,
            intake_sentence=guidance.say_intake(dates, lang),
            contact_id=contact,
            contact_role=contact_role,
        )

    def say_match(
        self, match: Match, profile: Profile, offer: Offer, say: Speaker, asker: Asker, suggestion_id: str | None,
        of_person: Said | None = None, of_offer: Said | None = None,
    ) -> answers.MatchAnswer:  # fmt: skip
        """Say one match; a recruiter hears neither rules that tell of the file, nor the chance, which tells the target group.

        ``of_person`` and ``of_offer``: as in `Speaker.explain`.
        """
        said = say.explain(match, profile, offer, of_person, of_offer)

        def tell(names: tuple[str, ...], sentences: tuple[str, ...]) -> tuple[answers.RuleAnswer, ...]:
            open_to_all = asker.role != Role.RECRUITER
            told = [
                answers.RuleAnswer(name, sentence)
                for name, sentence in zip(names, sentences, strict=True)
                if open_to_all or name not in PRIVATE_RULES
            ]
            if len(told) < len(names):
                told.append(answers.RuleAnswer("file", say.pick(NOT_FOR_RECRUITERS)))
            return tuple(told)

        stated = offer.kind == Kind.VACANCY and match.band != "none" and asker.role != Role.RECRUITER
        return answers.MatchAnswer(
            suggestion_id=suggestion_id,
            profile_id=match.profile_id,
            offer_id=match.offer_id,
            kind=offer.kind,
            title=offer.title,
            employer=offer.employer,
            postcodes=offer.postcodes,
            rank=match.rank,
            score=match.score,
            band=match.band,
            band_text=say.pick(BANDS[match.band]),
            start=said.start,
            person_score=said.person_score,
            employer_score=said.employer_score,
            both_score=said.both_score,
            coverage=match.coverage,
            reasons=said.reasons,
            to_check=tell(match.to_check, said.to_check),
            failed=tell(match.failed, said.failed),
            note=said.note,
            probability=say.model.probability(match.score, match.values, profile.target_group) if stated else None,
        )

    def listed(
        self, list_id: str, direction: Direction, subject: str, policy: str, shown: Iterable[answers.MatchAnswer],
        matches: Mapping[str, Match], question: Question, asker: Asker, loaded: Loaded, today: date,
        propensity: Mapping[str, float] | None = None, cause: str | None = None,
    ) -> ShownList:  # fmt: skip
        """Write down a list as it is shown; ``matches`` by the id on the other side, ``propensity`` where not 1 by offer."""
        rows = []
        for m in shown:
            match = matches[m.profile_id if direction == "candidates" else m.offer_id]
            rows.append(
                ShownMatch(
                    id=m.suggestion_id or self.new_id(),
                    profile_id=m.profile_id,
                    offer_id=m.offer_id,
                    rank=m.rank,
                    kind=m.kind,
                    score=m.score,
                    feature_values=match.values,
                    contributions=match.contributions,
                    propensity=(propensity or {}).get(m.offer_id, 1.0),
                    exploration=m.exploration,
                )
            )
        return ShownList(
            id=list_id,
            direction=direction,
            subject=subject,
            asked_by=asker.key_id,
            asked_role=asker.role,
            model_version=loaded.versions.model,
            taxonomy_version=loaded.versions.taxonomy,
            data_version=loaded.versions.data,
            policy=policy,
            question=question.as_json(today),
            matches=tuple(rows),
            override=question.override,
            cause=cause,
        )
