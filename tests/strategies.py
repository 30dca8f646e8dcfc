"""Hypothesis strategies: profiles and offers over the toy world, in every state a field may have.

Every field may be unknown (``None``), said to be none (empty or 0) or given; competences come twice in one offer, texts stay
unlinked, postcodes may be outside the gazetteer. Small lists of values, so that records often agree, collide and tie.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from matching.codes import (
    Acquired,
    Certificate,
    Contract,
    Day,
    DrivingLicence,
    Kind,
    Level,
    Limit,
    Mode,
    Requirement,
    Shift,
    SkillLevel,
    SourceKind,
)
from matching.records import (
    AskedCertificate,
    AskedCompetence,
    AskedLanguage,
    AskedLicence,
    Constraint,
    DataBasis,
    DoneProfession,
    Exclusions,
    Grants,
    HeldCompetence,
    KnownLanguage,
    Mention,
    Offer,
    Profile,
    Source,
)
from world import COMPETENCES, OCCUPATIONS, TODAY, competence, occupation

EMPLOYERS = ("Toy & Co", "TOY en CO", "toy&co", "Café Rose", "Büro")
SECTORS = ("81.210", "56.1", "55.10", "81", "43.21", "01.1", "I", "F")
GROUPS = ("art60", "bf_trainee", "dsp")
LICENCES = (DrivingLicence.B, DrivingLicence.C, DrivingLicence.BE)
CERTIFICATES = (Certificate.VCA, Certificate.FORKLIFT)


def unknown_or(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def several(values: st.SearchStrategy[Any], most: int = 4) -> st.SearchStrategy[Any]:
    """Unknown, none, or some, repeats allowed."""
    return unknown_or(st.lists(values, max_size=most).map(tuple))


def once(values: Any, most: int = 3) -> st.SearchStrategy[Any]:
    """Unknown, none, or some, each once."""
    return unknown_or(st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple))


def days_around(before: int, after: int) -> st.SearchStrategy[date]:
    return st.integers(-before, after).map(lambda n: TODAY + timedelta(days=n))


def concepts(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """A linked concept (mostly), a text, or a code of another classification."""
    uris = [competence(c) for c in COMPETENCES] if kind == "competence" else [occupation(o) for o in OCCUPATIONS]
    linked = st.sampled_from(uris).map(lambda uri: {"concept": uri})
    other = st.sampled_from([{"text": "poetsen"}, {"concept": "urn:elsewhere:1", "text": "iets"}])
    return linked | linked | linked | other


hours = unknown_or(st.integers(0, 80).map(lambda halves: halves / 2))
competences_held = several(
    st.builds(
        lambda said, level, where: HeldCompetence(**said, level=level, acquired=where),
        concepts("competence"), unknown_or(st.sampled_from(SkillLevel)), unknown_or(st.sampled_from(Acquired)),
    ), 6,
)  # fmt: skip
months = unknown_or(st.sampled_from([0, 1, 5, 6, 12, 24, 25]))
shifts = once(list(Shift))
days = once(list(Day), 5)
constraints = st.lists(
    st.builds(Constraint, st.sampled_from(Limit), st.booleans()), max_size=6, unique_by=lambda c: c.limit
).map(tuple)
exclusions = st.builds(
    Exclusions,
    employers=st.lists(st.sampled_from(EMPLOYERS), max_size=1).map(tuple),
    professions=st.lists(concepts("occupation").map(lambda said: Mention(**said)), max_size=1).map(tuple),
    sectors=st.lists(st.sampled_from(SECTORS), max_size=1).map(tuple),
)
bases = st.sampled_from(
    [(DataBasis("all", "guidance", "ordinance", date(2025, 1, 1)),)] * 6
    + [
        (),
        (DataBasis("all", "guidance", "ordinance", date(2025, 1, 1), withdrawn_on=date(2025, 3, 1)),),
        (DataBasis("competences", "guidance", "consent", date(2025, 1, 1)),),
        (
            DataBasis("all", "guidance", "ordinance", date(2025, 1, 1)),
            DataBasis("postcode", "guidance", "consent", date(2025, 1, 1), withdrawn_on=date(2025, 2, 1)),
        ),
    ]
)


def _ranges(low: str, high: str, record: Any) -> Any:
    """In order when both are known; the doors refuse the rest."""
    one, other = getattr(record, low), getattr(record, high)
    return replace(record, **{low: other, high: one}) if one is not None and other is not None and one > other else record


texts_of_work = concepts("occupation")
registered = [date(2025, 2, 1), date(2025, 2, 1), date(2025, 2, 1), date(2023, 1, 1), date(2025, 6, 1), None]
a_person = st.builds(
    Profile,
    id=st.just("p-1"),
    source=st.builds(Source, st.sampled_from(SourceKind), st.just("OCMW Anderlecht")),
    basis=bases,
    target_group=st.sampled_from([*GROUPS, *GROUPS, None, "unheard-of"]),
    registered_on=st.sampled_from(registered),
    contract_end=unknown_or(st.sampled_from([date(2025, 1, 31), date(2025, 5, 31)])),
    handed_over_on=st.sampled_from([None] * 9 + [date(2025, 4, 1)]),
    competences=competences_held,
    professions_sought=several(texts_of_work.map(lambda said: Mention(**said)), 3),
    professions_done=several(st.builds(lambda said, n: DoneProfession(**said, months=n), texts_of_work, months), 3),
    languages=several(st.builds(KnownLanguage, st.sampled_from(["fr", "nl", "en"]), unknown_or(st.sampled_from(Level)))),
    postcode=st.sampled_from(["1000", "1050", "1070", "1800", "8400", "9999", None]),
    max_minutes=st.sampled_from([None, 0, 20, 45, 60, 200]),
    modes=once(list(Mode)),
    driving_licences=once([*LICENCES, DrivingLicence.CE]),
    certificates=once(CERTIFICATES),
    own_car=st.sampled_from([None, True, False]),
    hours_min=hours,
    hours_max=hours,
    impossible_shifts=shifts,
    impossible_days=days,
    contracts=once(list(Contract)[:4]),
    start_from=unknown_or(days_around(40, 90)),
    education=unknown_or(st.integers(0, 8)),
    exclusions=exclusions,
    constraints=constraints,
).map(lambda record: _ranges("hours_min", "hours_max", record))
"""A person of whom anything may be unknown."""


def known_language(record: Profile, code: str) -> Profile:
    """The same person, of whom at least something is known of one language."""
    return replace(record, languages=(*(record.languages or ()), KnownLanguage(code, Level.NONE)))


def once_each(kind: Any, codes: Any) -> st.SearchStrategy[Any]:
    """Unknown, none, or some licences, each once, required by law or wanted."""
    return unknown_or(
        st.lists(st.builds(kind, st.sampled_from(codes), st.booleans()), max_size=2, unique_by=lambda a: a.code).map(tuple)
    )


grants = st.builds(
    Grants,
    competences=st.lists(concepts("competence").map(lambda said: Mention(**said)), max_size=2).map(tuple),
    languages=st.lists(
        st.builds(KnownLanguage, st.sampled_from(["nl", "nl", "fr"]), unknown_or(st.sampled_from(list(Level)[1:]))), max_size=2
    ).map(tuple),
    driving_licences=st.sampled_from([(), (DrivingLicence.B,)]),
    experience_months=st.sampled_from([0, 6]),
)


asked_competence = st.builds(
    lambda said, how: AskedCompetence(**said, requirement=how), concepts("competence"), st.sampled_from(Requirement)
)
asked_language = st.builds(
    AskedLanguage, st.sampled_from(["fr", "nl", "en"]), unknown_or(st.sampled_from(Level)), st.sampled_from(Requirement)
)
anything = st.builds(
    Offer,
    id=st.just("o-1"),
    source=st.just("toy"),
    kind=st.sampled_from(Kind),
    title=st.just("aanbod"),
    occupation=unknown_or(texts_of_work.map(lambda said: Mention(**said))),
    competences=several(asked_competence, 6),
    languages=unknown_or(st.lists(asked_language, max_size=3, unique_by=lambda a: a.code).map(tuple)),
    driving_licences=once_each(AskedLicence, LICENCES),
    certificates=once_each(AskedCertificate, CERTIFICATES),
    own_car=st.sampled_from([None, True, False]),
    experience_months=st.sampled_from([None, 0, 1, 6, 12, 25]),
    education=unknown_or(st.integers(0, 8)),
    postcodes=once(["1000", "1050", "1070", "1800", "8400", "9999"]),
    remote_share=st.sampled_from([None, None, 0, 0.2, 0.6, 1]),
    hours_min=hours,
    hours_max=hours,
    shifts=shifts,
    days=days,
    contract=unknown_or(st.sampled_from(list(Contract)[:5])),
    start=unknown_or(days_around(40, 90)),
    positions=st.sampled_from([None, 1, 2, 2]),
    filled=st.sampled_from([0, 0, 0, 1]),
    closed_on=st.sampled_from([None] * 8 + [TODAY, TODAY + timedelta(days=1)]),
    employer=unknown_or(st.sampled_from(EMPLOYERS)),
    sector=unknown_or(st.sampled_from(SECTORS)),
    published=unknown_or(days_around(400, 5)),
    valid_through=st.sampled_from([None] * 8 + [TODAY, TODAY - timedelta(days=1)]),
    verified=unknown_or(days_around(30, 0)),
    audience=unknown_or(st.lists(st.sampled_from([*GROUPS, "former-group"]), max_size=2).map(tuple)),
    grants=unknown_or(grants),
).map(lambda record: _ranges("hours_min", "hours_max", record))


def _of_kind(record: Offer, kind: Kind) -> Offer:
    """The same offer of one kind; a vacancy has no public and grants nothing (the doors refuse it)."""
    vacancy = kind == Kind.VACANCY
    return replace(record, kind=kind, audience=None if vacancy else record.audience, grants=None if vacancy else record.grants)


an_offer = anything.map(lambda record: _of_kind(record, record.kind))
a_vacancy = anything.map(lambda record: _of_kind(record, Kind.VACANCY))
in_a_market = st.one_of(a_vacancy, a_vacancy, an_offer)
some_ids = st.lists(st.sampled_from([f"o-{n}" for n in (10, 2, 33, 4, 5, 61)]), min_size=1, unique=True)


@st.composite
def markets(draw: st.DrawFn) -> list[Offer]:
    """Offers with ids of which the alphabetical order is not the order of the list; some are copies, to tie."""
    made: list[Offer] = []
    for one in draw(some_ids):
        copied = bool(made) and draw(st.integers(0, 3)) == 0
        made.append(replace(draw(st.sampled_from(made)) if copied else draw(in_a_market), id=one))
    return made


a_market = markets()
