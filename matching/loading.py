"""What is matched against, read from the store at one revision: classification, places, model, offers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

from matching import answers, completion, extraction
from matching.classifications import build_taxonomy, read_starter
from matching.codes import LANGUAGES_OF_SERVICE
from matching.explanation import Said
from matching.guidance import GroupRules
from matching.indexes import load_or_build
from matching.linking import Codes
from matching.linking.linker import Load
from matching.matcher import Matcher
from matching.mentions import COMPETENCE
from matching.records import Offer
from matching.reference import build_geography
from matching.stock import with_proposals
from matching.stocking import stock_of
from matching.store import Store
from models import linker_file, registry
from models.artifact import load

GEOGRAPHIC: Final[tuple[str, ...]] = ("postcodes", "travel-times")
"""Names of the reference documents about places."""
BUILT: Final = ("codes", "completion")
"""What `Loaded` builds from the taxonomy alone."""
HELD: Final = 5_000
LINKERS: Final = "linkers"
INDEXES: Final = "indexes"
"""Folders of files for linking, and of offers and people as arrays."""


@dataclass(frozen=True, slots=True)
class Held:
    """An offer as it was read, and what was said of it, by language (`matching.explanation.Said`)."""

    record: Offer
    said: Mapping[str, Said] = field(default_factory=lambda: {lang: {} for lang in LANGUAGES_OF_SERVICE})


@dataclass(frozen=True)
class Loaded:
    """Everything read from the store at one revision of offers, reference documents and outcomes.

    ``pointer`` says which model was in use; ``degraded``: something has changed since that could not be read, so answers
    rest on the last good state.
    """

    revisions: tuple[int, int, int]
    matcher: Matcher
    versions: answers.Versions
    load_index: Load
    pointer: registry.Pointer = field(default_factory=registry.Pointer)
    degraded: bool = False
    offers: dict[str, Held] = field(default_factory=dict, repr=False, compare=False)
    """Offers that were shown, as they stand at these revisions; at most `HELD`."""

    def hold(self, found: Mapping[str, Held]) -> None:
        """Keep offers that were read while the revision was this one."""
        if len(self.offers) + len(found) > HELD:
            self.offers.clear()
        self.offers.update(found)

    def degrade(self) -> "Loaded":
        """Give the same, marked as degraded."""
        return _with_built(replace(self, degraded=True, offers={}), self)

    @cached_property
    def codes(self) -> Codes:
        """Turn codes and texts into concepts; built when first needed."""
        return Codes(self.matcher.taxonomy, linker_file.load(), self.load_index)

    @cached_property
    def completion(self) -> completion.Completion:
        """Complete what is being typed; built when first needed."""
        return completion.build(self.matcher.taxonomy)

    def read_text(self, text: str, lang: str | None, competences: bool = True) -> tuple[extraction.Finding, ...]:
        """Find what running text says, in a language that is detected when it is not given; competences take the longest."""
        return extraction.extract(text, lang, self.codes.linkers[COMPETENCE] if competences else None)


def read_loaded(
    store: Store, revisions: tuple[int, int, int], groups: Mapping[str, GroupRules], folder: Path, before: Loaded | None
) -> Loaded:
    """Read the state of the store at some revisions of offers, reference documents and outcomes.

    Parameters
    ----------
    folder
        The data folder, where indexes are kept.
    before
        What was loaded before: what did not change is taken over.
    """
    same = before is not None and before.revisions[1] == revisions[1]
    if before is not None and same:
        taxonomy, geography = before.matcher.taxonomy, before.matcher.geography
    else:
        documents = {name: store.reference(name) or {} for name in store.references()}
        places: dict[str, dict[str, Any]] = {name: documents.pop(name) for name in GEOGRAPHIC if name in documents}
        if "esco" not in documents:
            documents["starter"] = read_starter()[0]
        taxonomy, geography = build_taxonomy(documents), build_geography(places)
    pointer = registry.pointer(folder / registry.MODELS)
    model = load(registry.model_file(folder / registry.MODELS, pointer.current))
    if before is not None and before.revisions[:2] == revisions[:2]:  # the offers stand as they do
        matcher, name = replace(before.matcher, model=model), before.versions.data.partition("+")[0]
    else:
        empty = Matcher.build(taxonomy, geography, groups, model, [])
        stock, name = stock_of(store, folder / INDEXES, before.matcher if before is not None and same else None, empty)
        matcher = replace(empty, stock=stock)
    matcher = replace(matcher, stock=with_proposals(matcher.stock, store.proposal_counts()))
    versions = answers.Versions(matcher.model.version, taxonomy.version, f"{name}+outcomes-{revisions[2]}")
    made = Loaded(revisions, matcher, versions, partial(load_or_build, folder / LINKERS), pointer)
    if before is not None and before.revisions[:2] == revisions[:2]:
        made.hold(before.offers)
    return _with_built(made, before) if before is not None and same else made


def _with_built(made: Loaded, before: Loaded) -> Loaded:
    """Take over what was built from the taxonomy alone: it outlives a change of the offers."""
    vars(made).update({name: vars(before)[name] for name in BUILT if name in vars(before)})
    return made
