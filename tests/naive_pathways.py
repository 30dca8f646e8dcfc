"""Slow-but-obvious twin of what would open more: the profile is changed here, and every vacancy is scored again by `naive`.

Nothing comes from `matching.pathways` but the words for a change. So that hundreds of changed profiles can be scored, what one
comparison finds for all vacancies is kept until a field that it reads is another (`READ`; a test sees that they read no others).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import naive
import naive_search
from matching.codes import Certificate, DrivingLicence, Kind, Level, Limit
from matching.guidance import BLOCKED, may_match, usable
from matching.pathways.changing import Change, What
from matching.records import Constraint, DoneProfession, Grants, HeldCompetence, KnownLanguage, Offer, Profile
from matching.taxonomy import Taxonomy

TOP = 10
BANDS = ("none", "weak", "fair", "strong")
PLACE = ("postcode", "modes")
READ: dict[str, tuple[str, ...]] = {
    "profession_sought": ("professions_sought",),
    "profession_done": ("professions_done",),
    "competences_mandatory": ("competences",),
    "competences_desired": ("competences",),
    "competences_used": ("competences",),
    "languages": ("languages",),
    "education": ("education",),
    "licences": ("driving_licences", "certificates", "own_car"),
    "travel": (*PLACE, "max_minutes"),
    "hours": ("hours_min", "hours_max"),
    "shifts": ("impossible_shifts", "impossible_days"),
    "contract": ("contracts",),
    "start": ("start_from",),
    "freshness": (),
    "exposure": (),
}
RULES_READ = (
    *PLACE, "max_minutes", "constraints", "exclusions", "target_group", "driving_licences", "certificates", "hours_min",
    "hours_max", "impossible_shifts", "impossible_days", "contracts", "start_from",
)  # fmt: skip


@dataclass
class Looked:
    """One profile against all vacancies: score, whether it is good enough and what removes it, by offer; and the list."""

    scores: dict[str, float]
    fits: set[str]
    fails: dict[str, set[str]]
    listed: list[str]

    @property
    def worth(self) -> float:
        return sum(1 / (1 + math.exp(-self.scores[name])) for name in self.listed)

    @property
    def allowed(self) -> set[str]:
        return {name for name, failed in self.fails.items() if not failed}

    def place(self, name: str) -> int | None:
        return self.listed.index(name) + 1 if name in self.listed else None


@dataclass
class Twin:
    """The vacancies of a world, looked at by one person in many variants."""

    world: naive.World
    offers: Sequence[Offer]
    top: int = TOP
    columns: dict[tuple[str, tuple[Any, ...]], list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.vacancies = [offer for offer in self.offers if offer.kind == Kind.VACANCY]
        self.adds = [[naive_search.in_millionths(float(value)) for value in table] for table in self.world.model.tables]

    def look(self, record: Profile) -> Looked:
        """Score all vacancies with one profile, as it may be used."""
        profile, dropped = usable(record, self.world.today)
        gate, _ = may_match(record, self.world.groups, self.world.today)
        results = self._column("rules", RULES_READ, profile, lambda o: naive.rule_results(self.world, profile, o, True, gate))
        steps = [
            self._column(name, READ[name], profile, lambda o, compare=compare: compare(self.world, profile, o))
            for name, compare in naive.COMPARISONS.items()
        ]
        scores, fits, fails = dict[str, float](), set[str](), dict[str, set[str]]()
        for offer, result, *mine in zip(self.vacancies, results, *steps, strict=True):
            gives = [adds[step] for adds, step in zip(self.adds, mine, strict=True)]
            scores[offer.id] = naive_search.score(self.world.model, gives)
            fails[offer.id] = {rule for rule, said in result.items() if said == naive.FAILS}
            if naive_search.suitable(self.world.model, Kind.VACANCY, dict(zip(naive.COMPARISONS, mine, strict=True)), gives):
                fits.add(offer.id)
        open_to = BLOCKED not in dropped and gate is not False and naive_search.profile_data(self.world, profile)[2]
        names = [name for name in fits if not fails[name]] if open_to else []
        return Looked(scores, fits, fails, sorted(names, key=lambda name: (-scores[name], name))[: self.top])

    def _column(self, name: str, reads: tuple[str, ...], profile: Profile, find: Any) -> list[Any]:
        key = (name, tuple(getattr(profile, one) for one in reads))
        if key not in self.columns:
            self.columns[key] = [find(offer) for offer in self.vacancies]
        return self.columns[key]

    def band(self, looked: Looked, name: str) -> str:
        """The band in which a vacancy is shown; none when it is removed or not good enough."""
        if looked.fails[name] or name not in looked.fits:
            return "none"
        strong, fair = self.world.model.bands
        score = looked.scores[name]
        return "strong" if score >= strong else "fair" if score >= fair else "weak"

    def barred(self, profile: Profile, offer: Offer) -> bool:
        """Whether an offer of a partner is not for a person."""
        return barred(self.world, profile, offer)


def barred(world: naive.World, profile: Profile, offer: Offer) -> bool:
    """Whether an offer of a partner is not for a person: a rule that nobody can move, another profession, too high a level."""
    gate, _ = may_match(profile, world.groups, world.today)
    results = naive.rule_results(world, profile, offer, True, gate)
    ruled_out = any(said == naive.FAILS and rule not in naive.NEGOTIABLE for rule, said in results.items())
    unlike = naive.profession_sought(world, profile, offer) < 88  # 35 % of 252 steps
    levels = [(naive.level_of(profile, one.code), one.level) for one in (offer.grants or Grants()).languages if one.level]
    too_high = any(list(Level).index(to) > (3 if now is None else now + 2) for now, to in levels)
    return ruled_out or unlike or too_high


def lifted(band_before: str, band: str, rank_before: int | None, rank: int | None) -> bool:
    """Whether a change is worth telling: to a fair or strong match, and into the list or a higher band."""
    better = BANDS.index(band) > BANDS.index(band_before) or (rank_before is None and rank is not None)
    return better and band in ("fair", "strong") and band_before != "strong"


def answered(profile: Profile, field: str, code: str, value: Any) -> Profile:
    """The profile with one answer to one question."""
    changes: dict[str, Any] = {field: value}
    if field == "hours":
        changes = {"hours_min": value[0], "hours_max": value[1]}
    elif field == "languages":
        spoken = [one for one in profile.languages or () if one.code != code or one.level is not None]
        changes = {"languages": (*spoken, KnownLanguage(code, value))}
    return replace(profile, **changes)


def again(profile: Profile, changes: Sequence[Change]) -> Profile:
    """The profile after changes."""
    for c in changes:
        kept = tuple(one for one in profile.constraints if one.limit != c.code)
        made: dict[What, dict[str, Any]] = {
            What.MINUTES: {"max_minutes": c.after},
            What.LIMIT: {"constraints": (*kept, *(Constraint(one, solvable=True) for one in Limit if one == c.code))},
            What.COMPETENCE: {"competences": (*(profile.competences or ()), HeldCompetence(c.code))},
            What.CERTIFICATE: {"certificates": (*(profile.certificates or ()), *(x for x in Certificate if x == c.code))},
            What.LICENCE: {"driving_licences": (*(profile.driving_licences or ()), *(x for x in DrivingLicence if x == c.code))},
            What.LANGUAGE: {
                "languages": (*(profile.languages or ()), *(KnownLanguage(c.code, one) for one in Level if one == c.after))
            },
        }
        if c.what is What.EXPERIENCE and isinstance(c.after, int):
            made[c.what] = {"professions_done": (*(profile.professions_done or ()), DoneProfession(c.code, months=c.after))}
        profile = replace(profile, **made[c.what])
    return profile


def had(profile: Profile, offer: Offer, taxonomy: Taxonomy) -> tuple[Profile, Profile, set[str]]:
    """Before and after what an offer of a partner grants, with what was assumed, in plain steps."""
    grants, assumed = offer.grants or Grants(), set[str]()
    levels: dict[str, int] = {}
    for one in profile.languages or ():
        if one.level is not None:
            levels[one.code] = max(levels.get(one.code, 0), list(Level).index(one.level))
    before_levels = dict(levels)
    for one in grants.languages:
        if one.level is not None and one.code not in levels:
            before_levels[one.code] = 0
            assumed.add("languages")
    after_levels = dict(before_levels)
    for one in grants.languages:
        if one.level is not None:
            after_levels[one.code] = max(after_levels[one.code], list(Level).index(one.level))
    changes: dict[str, Any] = {}
    if profile.competences is None and any(m.concept in taxonomy.competence_index for m in grants.competences):
        changes["competences"] = ()
        assumed.add("competences")
    if grants.driving_licences and profile.driving_licences is None:
        changes["driving_licences"] = ()
        assumed.add("driving_licences")
    if grants.certificates and profile.certificates is None:
        changes["certificates"] = ()
        assumed.add("certificates")
    uri = offer.occupation.concept if offer.occupation else None
    practised = bool(grants.experience_months) and uri in taxonomy.occupation_index
    if practised and profile.professions_done is None:
        changes["professions_done"] = ()
        assumed.add("professions_done")

    def speaking(levels: dict[str, int]) -> tuple[KnownLanguage, ...]:
        return tuple(KnownLanguage(code, list(Level)[level]) for code, level in levels.items())

    if "languages" in assumed:
        changes["languages"] = speaking(before_levels)
    before = replace(profile, **changes)
    after = replace(before, languages=speaking(after_levels)) if after_levels != before_levels else before
    learned = [HeldCompetence(m.concept) for m in grants.competences if m.concept in taxonomy.competence_index]
    if learned:
        after = replace(after, competences=(*(after.competences or ()), *learned))
    if grants.driving_licences:
        after = replace(after, driving_licences=(*(after.driving_licences or ()), *grants.driving_licences))
    if grants.certificates:
        after = replace(after, certificates=(*(after.certificates or ()), *grants.certificates))
    if practised:
        done = after.professions_done or ()
        months = sum(d.months for d in done if d.concept == uri and d.months is not None) + grants.experience_months
        after = replace(after, professions_done=(*done, DoneProfession(uri, months=months)))
    return before, after, assumed
