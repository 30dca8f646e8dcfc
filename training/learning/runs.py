"""A training run over the service's own log: what ``linkmatch train`` does."""

from datetime import date
from typing import Any

import numpy as np

from matching.desk import Desk
from models import registry
from training import history as logged
from training.history import Floats, History
from training.learning.resemblance import resemblance, words_of
from training.learning.training import train


def learn(desk: Desk, as_of: date, window: int, lag: int, seed: int) -> tuple[str, dict[str, Any]]:
    """Learn a model from the log as known on a day, and keep it; gives its version and its card.

    Raises
    ------
    Refused
        As `training.train`.
    """
    folder = desk.folder / registry.MODELS
    history: History = logged.read_history(desk.store, as_of)
    others = {"text_resemblance": _texts(desk, history)}
    current = registry.current(folder)
    made = train(history, registry.known(folder), current, np.random.default_rng(seed), window, lag, others=others)
    version = registry.keep(folder, made.content, made.card, made.pages)
    return version, registry.card(folder, version)


def _texts(desk: Desk, history: History) -> Floats:
    """Compare the texts of everybody with those of what they were shown, as they stand now."""
    taxonomy = desk.loaded().matcher.taxonomy
    people = {profile.id: words_of(profile, taxonomy) for profile in desk.store.profiles()}
    offers = {offer.id: words_of(offer, taxonomy) for offer in desk.store.offers()}
    person_texts = [people.get(name, "") for name in history.people.id.tolist()]
    offer_texts = [offers.get(name, "") for name in history.offers.id.tolist()]
    return resemblance(person_texts, offer_texts, history.suggestions.person, history.suggestions.offer)
