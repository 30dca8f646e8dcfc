"""What each HTTP route does, apart from any web framework: read what was asked, ask the desk or the store, answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

from matching import bodies, checks, texts
from matching.answers import as_json
from matching.codes import CODE_LISTS, Kind, Role, word
from matching.desk import Asker, Desk, NotFound, Question
from matching.ingest import link_offer, link_profile, read_offer, read_outcome, read_profile
from matching.pathways.desk import pathways_for
from matching.protocol import (
    BASE,
    Answer,
    Call,
    Issue,
    Refused,
    digest,
    hold_to_versions,
    merge_patch,
    path_id,
    written,
)
from matching.records import DataError, Offer, Outcome, Problem, Profile, camel
from matching.store import Stored, digest_of
from matching.unsaid import fill_unsaid, without_marks

R = TypeVar("R", Profile, Offer)

LISTED: Final = 50
MOST_OUTCOMES: Final = 1_000
CONSULTANT_FIELDS: Final = ("measures", "after_care_on")
"""Fields of an offer that only a consultant reads and writes; what others write leaves them as they stand."""
NOT_FROM_RECRUITERS: Final = ("profile", "as_of")
"""What a recruiter may not ask with: a person is named by id, and judged as of today, so that dates cannot be tried out."""
CODES_OF_LISTS: Final = frozenset({"unknown_code", "unknown_postcode"})


@dataclass(frozen=True, slots=True)
class _Records(Generic[R]):
    """How one kind of record is read from a body, and kept."""

    word: str
    stored: Callable[[str], Stored[R] | None]
    put: Callable[..., Any]
    delete: Callable[[str], bool]
    read: Callable[[Any, checks.Codes | None], R]


class Calls:
    """Every route by its name; one for each process, safe between threads."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.store = desk.store
        store = desk.store
        self._profiles = _Records("profile", store.stored_profile, store.put_profile, desk.erase, self._profile)
        self._offers = _Records("offer", store.stored_offer, store.put_offer, store.delete_offer, self._offer)

    # Questions

    def suggest(self, call: Call) -> Answer:
        """Give the offers for one profile, and what would open more when that is to be embedded."""
        body = bodies.read_body(bodies.SuggestionsBody, call.body, {"profile": self._given_profile})
        question = Question(
            as_of=body.as_of,
            top=body.top,
            kinds=frozenset(body.kinds or Kind),
            weights=body.weights or {},
            relax=frozenset(body.relax),
            override=body.override,
        )
        profile = self._profile_of(body)
        more = None
        if "embed" in call.query:  # first, so that a list that was logged is shown whatever happens here
            more = pathways_for(self.desk, profile, call.asker, body.as_of, top=min(body.top, bodies.MOST_OPENED))
        return Answer(as_json(replace(self.desk.suggest(profile, question, call.asker), pathways=more)))

    def find_candidates(self, call: Call) -> Answer:
        """Give the people for one offer."""
        body = bodies.read_body(bodies.CandidatesBody, call.body, {"offer": self._given_offer})
        hold_to_role(body, call.asker)
        question = Question(as_of=body.as_of, top=body.top, weights=body.weights or {})
        return Answer(as_json(self.desk.candidates(self._offer_of(body), question, call.asker)))

    def explain(self, call: Call) -> Answer:
        """Explain one pair."""
        readers = {"profile": self._given_profile, "offer": self._given_offer}
        body = bodies.read_body(bodies.ExplanationBody, call.body, readers)
        hold_to_role(body, call.asker)
        profile, offer = self._profile_of(body), self._offer_of(body)
        if call.asker.role == Role.RECRUITER and offer.kind != Kind.VACANCY and offer.audience:
            # Whether such an offer is open to a person would tell the person's target group.
            raise DataError([Problem("no_candidates", f"offer {offer.id}", "audience", None, "an offer without audience")])
        question = Question(as_of=body.as_of, weights=body.weights or {})
        return Answer(as_json(self.desk.explain(profile, offer, question, call.asker)))

    def find_pathways(self, call: Call) -> Answer:
        """Say what would open more for one profile."""
        body = bodies.read_body(bodies.PathwaysBody, call.body, {"profile": self._given_profile})
        profile = self._profile_of(body)
        if body.offer_id is not None:
            _referenced(self.desk.offer, body.offer_id, "offer")
        return Answer(as_json(pathways_for(self.desk, profile, call.asker, body.as_of, body.offer_id, body.top)))

    def link_concepts(self, call: Call) -> Answer:
        """Give the concepts that texts may mean."""
        body = bodies.read_body(bodies.LinksBody, call.body)
        linker = self.desk.loaded().codes.linkers[body.kind.value]
        ranked = linker.rank_many(body.texts, body.language, body.top)
        items = tuple(
            bodies.TextLinks(text, tuple(bodies.LinkAnswer(one.concept, one.label, one.score, one.sure) for one in links))
            for text, links in zip(body.texts, ranked, strict=True)
        )
        return Answer(bodies.as_page(bodies.LinksAnswer(items)))

    def complete_concepts(self, call: Call) -> Answer:
        """Give the concepts that a beginning may mean."""
        if "q" not in call.query:
            raise Refused(400, [Issue("query", Problem("missing", "request", "q", None, "q"))])
        lang = call.query.get("language", call.asker.lang)
        found = texts.concepts_for(self.desk, call.query["q"], lang, call.query.get("kind"), call.query.get("top", 10))
        return Answer(as_json(found))

    def extract_findings(self, call: Call) -> Answer:
        """Say what a running text says; a note on a person is for consultants."""
        body = bodies.read_body(bodies.ExtractionsBody, call.body)
        of_person = body.subject == bodies.Subject.PROFILE
        if of_person and call.asker.role != Role.CONSULTANT:
            raise Refused(403)
        text = call.body["text"]  # as it was sent, not as it was tidied to be checked: the places of words are those there
        found = texts.read_findings(self.desk, text, body.language, of_person, bodies.BODY)
        return Answer(as_json(texts.told(self.desk, text, found, of_person, call.asker.lang)))

    # Profiles and offers

    def list_profiles(self, call: Call) -> Answer:
        """Give profiles by id."""
        limit = call.query.get("limit", LISTED)
        found = self.store.profiles(call.query.get("after"), limit + 1)
        page = bodies.ProfilesPage(tuple(found[:limit]), self.store.count_profiles(), _next("/profiles", found, limit))
        return Answer(bodies.as_page(page))

    def list_offers(self, call: Call) -> Answer:
        """Give offers by id."""
        limit = call.query.get("limit", LISTED)
        found = self.store.offers(call.query.get("after"), limit + 1)
        items = tuple(_visible(offer, call.asker) for offer in found[:limit])
        return Answer(bodies.as_page(bodies.OffersPage(items, self.store.count_offers(), _next("/offers", found, limit))))

    def get_profile(self, call: Call) -> Answer:
        """Give a profile."""
        return self._get(self._profiles, call)

    def put_profile(self, call: Call) -> Answer:
        """Write a profile."""
        return self._put(self._profiles, call)

    def patch_profile(self, call: Call) -> Answer:
        """Change a profile."""
        return self._patch(self._profiles, call)

    def delete_profile(self, call: Call) -> Answer:
        """Erase a person."""
        return self._delete(self._profiles, call)

    def get_offer(self, call: Call) -> Answer:
        """Give an offer."""
        return self._get(self._offers, call)

    def put_offer(self, call: Call) -> Answer:
        """Write an offer."""
        return self._put(self._offers, call)

    def patch_offer(self, call: Call) -> Answer:
        """Change an offer."""
        return self._patch(self._offers, call)

    def delete_offer(self, call: Call) -> Answer:
        """Remove an offer."""
        return self._delete(self._offers, call)

    def confirm_findings(self, call: Call) -> Answer:
        """Add to a profile what a consultant confirmed, and say what changed."""
        before = self.store.stored_profile(path_id(call))
        if before is None:
            raise Refused(404)
        hold_to_versions(call, before)
        body = bodies.read_body(bodies.FindingsBody, call.body)
        told, version = texts.keep_confirmed(self.desk, before, body.findings)
        return Answer(as_json(told), digest=version)

    def _get(self, records: _Records[R], call: Call) -> Answer:
        found = records.stored(path_id(call))
        if found is None:
            raise Refused(404)
        return Answer(bodies.document(_visible(found.record, call.asker)), digest=found.digest)

    def _put(self, records: _Records[R], call: Call) -> Answer:
        before = records.stored(call.path["id"])
        hold_to_versions(call, before)
        row = call.body
        if isinstance(row, Mapping) and row.get("id") is None:
            row = {**row, "id": call.path["id"]}
        return self._write(records, call, records.read(row, self._codes()), row, before, call.if_match is not None)

    def _patch(self, records: _Records[R], call: Call) -> Answer:
        before = records.stored(path_id(call))
        if before is None:
            raise Refused(404)
        hold_to_versions(call, before)
        if not isinstance(call.body, Mapping):
            raise DataError([Problem("not_an_object", bodies.BODY, "", None, "object")])
        # What was read from an offer's text is read anew, and what the patch gives is the caller's own.
        base = without_marks(before.record) if isinstance(before.record, Offer) else before.record
        row = merge_patch(bodies.document(base), call.body)
        try:
            record = records.read(row, self._codes())
        except DataError as error:
            # A code that an import kept, and that this patch does not touch, stays.
            if any(p.code not in CODES_OF_LISTS or _head(p.field) in call.body for p in error.problems):
                raise
            record = records.read(row, None)
        return self._write(records, call, record, call.body, before, True)

    def _write(self, records: _Records[R], call: Call, record: R, said: Any, before: Stored[R] | None, guarded: bool) -> Answer:
        """Write a record that was read.

        ``said`` holds the fields that the caller gave; ``guarded``: refuse when another version than ``before`` is stored.
        """
        if record.id != call.path["id"]:
            raise DataError([Problem("inconsistent", records.word, "id", None, "id = …/{id}")])
        if isinstance(record, Offer) and call.asker.role != Role.CONSULTANT:
            record, guarded = _keep_hidden(record, said, before), True
        new = records.put(record, self.desk.clock(), before.digest if before and guarded else None).new
        return Answer(bodies.document(_visible(record, call.asker)), 201 if new else 200, digest_of(record))

    def _delete(self, records: _Records[R], call: Call) -> Answer:
        record_id = path_id(call)
        if call.if_match is not None:
            hold_to_versions(call, records.stored(record_id))
        if not records.delete(record_id):
            raise Refused(404)
        return Answer(None, 204)

    # What became of it

    def record_outcomes(self, call: Call) -> Answer:
        """Write outcomes, all or none."""
        given = call.body if isinstance(call.body, list) else [call.body]
        if not 1 <= len(given) <= MOST_OUTCOMES:
            code, bound = ("too_long", MOST_OUTCOMES) if given else ("too_short", 1)
            raise DataError([Problem(code, bodies.BODY, "", None, str(bound))])
        events: list[Outcome] = []
        problems: list[Problem] = []
        for at, row in enumerate(given):
            try:
                events.append(read_outcome(row))
            except DataError as error:
                where = f"[{at}]" if isinstance(call.body, list) else ""
                problems += [replace(p, field=f"{where}.{p.field}".strip(".")) for p in error.problems]
        if problems:
            raise DataError(problems)
        done = self.store.record_outcomes(events, self.desk.clock())
        return Answer(bodies.as_page(bodies.OutcomesAnswer(done.new, done.unchanged)), 201 if done.new else 200)

    def list_proposals(self, call: Call) -> Answer:
        """Say who was proposed where; a recruiter hears how often an offer was, and whether one person was."""
        profile_id, offer_id = call.query.get("profileId"), call.query.get("offerId")
        people = self.store.proposal_counts().get(offer_id, 0) if offer_id else None
        if call.asker.role == Role.RECRUITER:
            if not offer_id:
                raise Refused(400, [Issue("query", Problem("missing", "request", "offerId", None, "offerId"))])
            told = self.store.proposals(profile_id, offer_id, limit=1) if profile_id else []
            items = tuple(bodies.ProposalAnswer(p.profile_id, p.offer_id, None, None, None) for p in told)
            return Answer(bodies.as_page(bodies.ProposalsPage(items, people, None)))
        limit, after = call.query.get("limit", LISTED), call.query.get("after")
        if after is not None and not (after.isdecimal() and after.isascii() and len(after) <= 18):
            raise Refused(400, [Issue("query", Problem("wrong_type", "request", "after", None, "integer"))])
        found = self.store.proposals(profile_id, offer_id, None if after is None else int(after), limit + 1)
        more = {"after": found[limit - 1].number} if len(found) > limit else None
        asked = {name: value for name, value in call.query.items() if name != "after"}
        address = f"{BASE}/proposals?{urlencode({**asked, **more})}" if more else None
        items = tuple(bodies.ProposalAnswer(p.profile_id, p.offer_id, p.by, p.on, p.latest) for p in found[:limit])
        return Answer(bodies.as_page(bodies.ProposalsPage(items, people, address)))

    def get_list(self, call: Call) -> Answer:
        """Give a list as it was logged."""
        found = self.store.shown(path_id(call))
        if found is None:
            raise Refused(404)
        names = [name for name in found.__slots__ if name not in {"matches", "question"}]
        matches = tuple(
            bodies.LoggedMatch(
                m.id, m.profile_id, m.offer_id, m.kind, m.rank, m.score, m.contributions, m.propensity, m.exploration
            )
            for m in found.matches
        )
        same = {name: getattr(found, name) for name in names}
        return Answer(bodies.as_page(bodies.LoggedList(**same, question=json.loads(found.question), matches=matches)))

    # The service itself

    def list_code_lists(self, call: Call) -> Answer:
        """Name the code lists."""
        items = tuple(bodies.CodeListName(name, f"{BASE}/refData/{name}") for name in CODE_LISTS)
        return _versioned(bodies.as_page(bodies.CodeListNames(items, len(items))))

    def get_code_list(self, call: Call) -> Answer:
        """Give a code list with its words."""
        name, lang = call.path["list"], call.asker.lang
        if name not in CODE_LISTS:
            raise Refused(404)
        items = tuple(bodies.CodeWord(code, word(CODE_LISTS[name], code, lang)) for code in CODE_LISTS[name])
        return _versioned(bodies.as_page(bodies.CodeList(name, lang, items, len(items))))

    def get_health(self, call: Call) -> Answer:
        """Say how the service is."""
        status = bodies.Status.DOWN
        if self.store.check():
            try:
                status = bodies.Status.DEGRADED if self.desk.loaded().degraded else bodies.Status.UP
            except Exception:  # whatever it is, records can be read and nothing can be matched
                status = bodies.Status.DEGRADED
        return Answer(bodies.as_page(bodies.Health(status)), 503 if status == bodies.Status.DOWN else 200)

    # Reading

    def _codes(self) -> checks.Codes:
        loaded = self.desk.loaded()
        return checks.Codes(loaded.matcher.geography.index, loaded.codes)

    def _profile(self, row: Any, codes: checks.Codes | None) -> Profile:
        return link_profile(read_profile(row, groups=self.desk.groups, codes=codes), self.desk.loaded().codes)[0]

    def _offer(self, row: Any, codes: checks.Codes | None) -> Offer:
        loaded = self.desk.loaded()
        offer, _ = link_offer(read_offer(row, groups=self.desk.groups, codes=codes), loaded.codes)
        return fill_unsaid(offer, loaded.read_text)

    def _given_profile(self, row: Any) -> Profile:
        return self._profile(row, self._codes())

    def _given_offer(self, row: Any) -> Offer:
        return self._offer(row, self._codes())

    def _profile_of(self, body: Any) -> Profile:
        return body.profile or _referenced(self.desk.profile, body.profile_id, "profile")

    def _offer_of(self, body: Any) -> Offer:
        return body.offer or _referenced(self.desk.offer, body.offer_id, "offer")


def _head(path: str) -> str:
    """Give the first field of a path."""
    return path.partition(".")[0].partition("[")[0]


def _referenced(read: Callable[[str], R], record_id: str, name: str) -> R:
    try:
        return read(record_id)
    except NotFound:
        problem = Problem("not_found", bodies.BODY, f"{name}Id", record_id, f"GET {BASE}/{name}s")
        raise Refused(400, [Issue("body", problem)]) from None


def hold_to_role(body: Any, asker: Asker) -> None:
    """Refuse what a recruiter may not ask with."""
    if asker.role == Role.RECRUITER:
        names = [name for name in NOT_FROM_RECRUITERS if getattr(body, name, None) is not None]
        accepted = ", ".join(camel(name) for name in body.__slots__ if name not in NOT_FROM_RECRUITERS)
        if names:
            raise DataError([Problem("unknown_field", bodies.BODY, camel(name), None, accepted) for name in names])


def _keep_hidden(offer: Offer, said: Any, before: Stored[Any] | None) -> Offer:
    """Leave the fields of consultants as they stand; refuse them from others."""
    given = [camel(name) for name in CONSULTANT_FIELDS if isinstance(said, Mapping) and camel(name) in said]
    if given:
        raise DataError([Problem("unknown_field", "offer", name, None, "") for name in given])
    kept: dict[str, Any] = {name: getattr(before.record, name) if before else None for name in CONSULTANT_FIELDS}
    return replace(offer, **kept)


def _visible(record: R, asker: Asker) -> R:
    if isinstance(record, Offer) and asker.role != Role.CONSULTANT:
        nothing: dict[str, Any] = dict.fromkeys(CONSULTANT_FIELDS)
        return replace(record, **nothing)
    return record


def _next(path: str, found: list[R], limit: int) -> str | None:
    """Give the address of the page that follows; ``found`` holds one record more than the page when there is one."""
    if len(found) <= limit:
        return None
    return f"{BASE}{path}?{urlencode({'after': found[limit - 1].id, 'limit': limit})}"


def _versioned(value: Any) -> Answer:
    return Answer(value, digest=digest(written(value)))
