"""Models on disk: a whole training, its file and card, promotion and its refusals, rollback, replay, and the service."""

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import world
from cli import cli
from known_truths import draw_values, make_history, truth
from matching import listings
from matching.answers import Versions
from matching.codes import LANGUAGES_OF_SERVICE, Role
from matching.comparisons import COMPARISONS
from matching.desk import Asker, Desk, Question
from matching.linking.index import build
from matching.loading import Loaded
from matching.records import DataError
from matching.settings import Settings
from matching.store import Store
from models import registry
from models.artifact import assemble, checksum, load, save
from models.match_model import MatchModel
from models.refusal import REASONS, Refused
from training.history import History
from training.learning.card_words import COLUMNS, COUNTS, HEADINGS, RANKINGS, SENTENCES, SPLITS
from training.learning.cards import render
from training.learning.fitting import fit
from training.learning.in_use import chances_of
from training.learning.replay import replay
from training.learning.training import Trained, train

HAND_SET = load()
NOW = datetime(2025, 4, 10, 12, tzinfo=UTC)
MODELS = {HAND_SET.version: HAND_SET}


@pytest.fixture(scope="module")
def history() -> History:
    known = truth(np.random.default_rng(7))
    return make_history(np.random.default_rng(8), known, 3000, pool=40, top=12)


@pytest.fixture(scope="module")
def trained(history: History) -> Trained:
    return train(history, MODELS, HAND_SET, np.random.default_rng(1))


@pytest.fixture
def folder(trained: Trained, tmp_path: Path) -> Path:
    registry.keep(tmp_path, trained.content, trained.card, trained.pages)
    return tmp_path


def refused(name: str, function: Any, *given: Any) -> tuple[Any, ...]:
    with pytest.raises(Refused) as error:
        function(*given)
    assert error.value.name == name
    return error.value.details


# The file and the card


def test_the_file_gives_the_model_that_was_made(trained: Trained, folder: Path) -> None:
    (version,) = registry.versions(folder)
    found = load(registry.model_file(folder, version))
    assert found.version == version == trained.model.version
    assert (found.tables == trained.model.tables).all()
    assert found.calibration == trained.model.calibration
    assert oct((folder / version).stat().st_mode & 0o555) == "0o555"


def test_training_again_makes_the_same_model(history: History, trained: Trained, folder: Path) -> None:
    again = train(history, MODELS, HAND_SET, np.random.default_rng(1))
    assert checksum(again.content) == checksum(trained.content)
    assert again.card == trained.card
    registry.keep(folder, again.content, again.card, again.pages)
    assert len(registry.versions(folder)) == 1
    assert not list(folder.glob(".part*"))


def test_the_model_beats_every_baseline_on_later_data(trained: Trained) -> None:
    lead = trained.card["differences"]
    assert set(registry.BASELINES) <= set(lead)
    for name in ("random", "newest", "most_suggested", "profession_and_distance"):
        assert lead[name]["ndcg_10"]["low"] > 0, name
    assert lead["hand_set"]["ndcg_10"]["value"] > 0  # among what the hand-set tables chose to show, the lead is small
    assert trained.card["skill"]["low"] > 0


def test_the_card_holds_what_it_must(trained: Trained) -> None:
    card = trained.card
    counts = card["data"]["counts"]
    left_out = sum(counts[name] for name in ("not_vacancies", "shown_again", "unmatured", "unreplayable"))
    assert counts["suggestions"] - left_out == counts["rows"]
    assert card["compared_with"] == HAND_SET.version
    assert [card["splits"][name]["hires"] > 0 for name in SPLITS] == [True] * 3
    assert card["missing"].keys() == card["tables"].keys() == {c.name for c in COMPARISONS}
    assert all(0 <= share <= 1 for shares in card["missing"].values() for share in shares.values())
    assert set(card["groups"]) == {"art60", "bf_trainee"}
    json.dumps(card, allow_nan=False)


def figures(page: str) -> list[str]:
    """Every number of a page but those of its pictures, in one spelling."""
    found = re.findall(r"\d+(?:[.,]\d+)?", re.sub("<svg.*?</svg>", "", page))
    return sorted(number.replace(",", ".") for number in found)


@pytest.mark.parametrize("lang", LANGUAGES_OF_SERVICE)
def test_the_page_says_all_of_it_in_each_language(trained: Trained, lang: str) -> None:
    page, at = trained.pages[lang], LANGUAGES_OF_SERVICE.index(lang)
    headings = [line.lstrip("# ") for line in page.splitlines() if line.startswith("#")]
    assert headings == [words[at] for words in HEADINGS.values()]
    assert page.count("<svg ") == len(COMPARISONS)
    points = " ".join(re.findall(r'points="(.*?)"', page)).split()
    heights = [float(y) for y in [*(point.split(",")[1] for point in points), *re.findall(r'cy="(.*?)"', page)]]
    assert 0 < min(heights) < max(heights) < 150
    assert all(comparison.title[at] in page for comparison in COMPARISONS)
    assert figures(page) == figures(trained.pages["en"])


def test_a_card_whose_probability_may_not_be_shown_says_why(trained: Trained) -> None:
    wrong = {**trained.card, "calibration": {**trained.card["calibration"], "shown": False, "why_not": ["slope", "group"]}}
    assert "too far apart or too close together, for one group the chances stated are wrong" in render(wrong, "en")
    assert "te ver uiteen of te dicht bijeen, voor een groep kloppen de vermelde kansen niet" in render(wrong, "nl")


def test_words_exist_in_three_languages() -> None:
    for words in (HEADINGS, SENTENCES, COLUMNS, SPLITS, RANKINGS, COUNTS, REASONS):
        assert all(len(said) == 3 and all(said) for said in words.values())
    for said in SENTENCES.values():
        assert len({tuple(sorted(re.findall(r"\{\w*\}", text))) for text in said}) == 1
    assert set(registry.BASELINES) <= set(RANKINGS)


def test_a_file_that_gives_other_scores_than_it_promised_is_refused(trained: Trained, tmp_path: Path) -> None:
    content = json.loads(json.dumps(trained.content))
    content["self_test"]["scores"][3] += 1e-6
    save(content, tmp_path / "model.json")
    with pytest.raises(DataError) as error:
        load(tmp_path / "model.json")
    assert error.value.problems[0].field == "self_test"


@pytest.mark.parametrize("change", [{"format": 3}, {"self_test": {"values": [], "scores": []}}, {"calibration": {"slope": "x"}}])
def test_a_file_of_another_form_is_refused(trained: Trained, tmp_path: Path, change: dict[str, Any]) -> None:
    save({**trained.content, **change}, tmp_path / "model.json")
    with pytest.raises(DataError):
        load(tmp_path / "model.json")


def test_a_probability_is_given_only_when_released(trained: Trained) -> None:
    assert trained.model.calibration is not None
    shown = replace(trained.model, calibration=replace(trained.model.calibration, shown=True))
    hidden = replace(trained.model, calibration=replace(trained.model.calibration, shown=False))
    values = draw_values(np.random.default_rng(0), 1)
    (score,) = shown.scores(values).tolist()
    logit = trained.model.calibration.intercept + trained.model.calibration.slope * score
    assert shown.probability(score, values.tobytes(), None) == pytest.approx(1 / (1 + np.exp(-logit)))
    assert shown.probability(score + 0.5, values.tobytes(), None) is None  # asked with weights
    assert hidden.probability(score, values.tobytes(), None) is None
    assert HAND_SET.probability(score, values.tobytes(), None) is None


# Promotion


def test_promotion_and_rollback(folder: Path) -> None:
    (version,) = registry.versions(folder)
    assert registry.current(folder).version == HAND_SET.version
    registry.promote(folder, version)
    assert registry.current(folder).version == version
    assert set(registry.known(folder)) == {HAND_SET.version, version}
    registry.promote(folder, version)  # again changes nothing
    assert registry.pointer(folder) == registry.Pointer(version, (None,))
    assert registry.rollback(folder) is None
    assert registry.current(folder).version == HAND_SET.version
    refused("no_previous", registry.rollback, folder)


def card_with(folder: Path, change: Any) -> str:
    """Change the card of the only version."""
    (version,) = registry.versions(folder)
    path = folder / version / registry.CARD
    card = json.loads(path.read_text(encoding="utf-8"))
    change(card)
    path.write_text(json.dumps(card), encoding="utf-8")
    return version


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("no_card", lambda card: card.update(checksum="0" * 64)),
        ("not_compared", lambda card: card["differences"].pop("newest")),
        ("not_compared", lambda card: card.update(compared_with="learned-000000000000")),
        ("no_skill", lambda card: card["differences"]["random"]["mrr"].update(low=-0.001)),
        ("no_skill", lambda card: card["differences"]["random"].pop("mrr")),
        ("no_skill", lambda card: card["signal"].update(low=None, value=None)),
        ("worse", lambda card: card["differences"]["current"]["ndcg_10"].update(high=-0.01)),
        ("worse", lambda card: card["differences"]["hand_set"]["ndcg_10"].update(high=None)),
    ],
)
def test_promotion_is_refused(folder: Path, name: str, change: Any) -> None:
    version = card_with(folder, change)
    assert refused(name, registry.promote, folder, version)[0] == version
    assert registry.pointer(folder) == registry.Pointer()


def test_several_who_change_the_model_at_once_leave_one_whole_pointer(folder: Path) -> None:
    (version,) = registry.versions(folder)

    def change(n: int) -> None:
        for _ in range(3):
            with suppress(Refused):  # nothing to go back to
                registry.promote(folder, version) if n % 2 else registry.rollback(folder)

    with ThreadPoolExecutor(4) as several:
        list(several.map(change, range(4)))
    registry.promote(folder, version)
    assert registry.pointer(folder) == registry.Pointer(version, (None,))
    assert registry.rollback(folder) is None
    assert not list(folder.glob("*part*"))


def test_promotion_without_card_or_self_test_is_refused(trained: Trained, folder: Path) -> None:
    (version,) = registry.versions(folder)
    (folder / version / registry.CARD).unlink()
    refused("no_card", registry.promote, folder, version)
    refused("no_version", registry.promote, folder, "../elsewhere")
    bare = {name: part for name, part in trained.content.items() if name != "self_test"}
    other = registry.keep(folder, bare, trained.card, trained.pages)
    refused("no_self_test", registry.promote, folder, other)


def test_shuffled_labels_make_a_model_that_is_refused(history: History, tmp_path: Path) -> None:
    """Whatever was suggested may have led to any of the hires: nothing can be learned, and promotion says so."""
    rng = np.random.default_rng(3)
    suggestion = rng.permutation(len(history.suggestions.id))[history.events.suggestion]
    shown = history.suggestions
    delay = history.events.on - shown.shown[history.events.suggestion].astype("datetime64[D]")
    on = shown.shown[suggestion].astype("datetime64[D]") + delay
    events = replace(
        history.events, suggestion=suggestion, person=shown.person[suggestion], offer=shown.offer[suggestion], on=on,
        recorded=on.astype("datetime64[s]"),
    )  # fmt: skip
    made = train(replace(history, events=events), MODELS, HAND_SET, rng)
    version = registry.keep(tmp_path, made.content, made.card, made.pages)
    refused("no_skill", registry.promote, tmp_path, version)


def test_labels_shuffled_only_where_it_learns_are_refused(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fit

    def shuffling(data: Any, rows: Any, hand_set: MatchModel, rng: np.random.Generator) -> Any:
        hired, gain, order = data.hired.copy(), data.gain.copy(), rng.permutation(rows)
        hired[rows], gain[rows] = hired[order], gain[order]
        return real(replace(data, hired=hired, gain=gain), rows, hand_set, rng)

    monkeypatch.setattr("training.learning.training.fit", shuffling)
    made = train(history, MODELS, HAND_SET, np.random.default_rng(4))
    version = registry.keep(tmp_path, made.content, made.card, made.pages)
    assert refused("no_skill", registry.promote, tmp_path, version)[1] == "signal"


# Replay


def versions_of(trained: Trained) -> list[MatchModel]:
    """Three versions: hand-set, learned, and the learned one with another table."""
    content = json.loads(json.dumps(trained.content))
    content["tables"]["travel"]["points"][-1][1] += 0.25
    return [HAND_SET, trained.model, assemble({k: v for k, v in content.items() if k != "self_test"})]


def test_a_thousand_logged_suggestions_replay_under_three_versions(trained: Trained, history: History, tmp_path: Path) -> None:
    """Each list is logged by one of three versions, written to disk and read again; order and scores come back."""
    rng = np.random.default_rng(5)
    models = versions_of(trained)
    n_lists, top = 100, 10
    pool = draw_values(rng, n_lists, 40)
    lists = []
    for at in range(n_lists):
        scores = models[at % 3].scores(pool[at])
        best = np.lexsort((np.arange(40), -scores))[:top]
        lists.append((pool[at][best], scores[best]))
    n = n_lists * top
    shown = history.suggestions
    logged = replace(
        shown,
        id=np.arange(n).astype(str), list_id=np.repeat(np.arange(n_lists), top).astype(str), kind=np.full(n, "vacancy"),
        person=np.repeat(np.arange(n_lists), top), offer=np.tile(np.argsort(history.offers.id)[:top], n_lists),
        rank=np.tile(np.arange(1, top + 1), n_lists), values=np.concatenate([v for v, _ in lists]),
        score=np.concatenate([s for _, s in lists]), model=np.repeat([models[at % 3].version for at in range(n_lists)], top),
    )  # fmt: skip
    logged_history = replace(history, suggestions=logged)
    order = rng.permutation(n)
    for model in models:
        rows = order[logged.model[order] == model.version]
        found = replay(logged_history, rows, model)
        assert np.abs(found.score - logged.score[rows]).max() <= 1e-9
        assert (found.rank == logged.rank[rows]).all()


def test_ties_are_replayed_by_id(history: History) -> None:
    shown = history.suggestions
    rows = np.arange(12)
    same = np.repeat(shown.values[:1], len(shown.values), axis=0)
    found = replay(replace(history, suggestions=replace(shown, values=same)), rows, HAND_SET)
    ids = history.offers.id[shown.offer[rows]]
    assert ids[np.argsort(found.rank)].tolist() == sorted(ids.tolist())
    assert len(replay(history, rows[:0], HAND_SET).rank) == 0


# The service and the command line


def a_desk(home: Path) -> Desk:
    settings = Settings(data_dir=home)
    store = Store.open(settings.url())
    store.create(NOW)
    store.put_offers(world.market(), NOW)
    store.put_profiles([world.profile()], NOW)
    desk = Desk(store, settings, clock=lambda: NOW)
    # The desk goes on with the toy classification and places, and reads the offers itself.
    desk._loaded = Loaded((-1, store.revision("reference"), 0), world.matcher([]), Versions("", "", ""), build)
    return desk


def test_a_running_service_takes_what_is_promoted_and_goes_back(trained: Trained, tmp_path: Path) -> None:
    desk, folder = a_desk(tmp_path), tmp_path / registry.MODELS
    asker = Asker("t", Role.CONSULTANT, "en")

    def ask() -> Any:
        return desk.suggest(desk.profile(world.profile().id), Question(as_of=world.TODAY), asker)

    before = ask()
    version = registry.keep(folder, trained.content, trained.card, trained.pages)
    assert ask().versions.model == HAND_SET.version
    registry.promote(folder, version)
    after = ask()
    assert (before.versions.model, after.versions.model) == (HAND_SET.version, version)
    logged = desk.store.shown(after.id)
    assert logged is not None
    assert trained.model.calibration is not None
    assert trained.model.calibration.shown
    assert {match.probability for match in before.suggestions} == {None}
    assert all(0 < (match.probability or 0) < 1 for match in after.suggestions)
    offer = desk.offer(after.suggestions[0].offer_id)
    by_role = {role: desk.candidates(offer, Question(as_of=world.TODAY), Asker("t", role, "en")) for role in Role}
    told = {role: {match.probability for match in found.candidates} for role, found in by_role.items()}
    assert told[Role.RECRUITER] == {None}  # beside the score, it would tell the target group
    assert None not in told[Role.CONSULTANT]
    assert {match.probability for group in after.partner_offers for match in group.matches} <= {None}
    weighted = Question(as_of=world.TODAY, weights={"travel": 2.0})
    asked = desk.suggest(desk.profile(world.profile().id), weighted, asker)
    assert {match.probability for match in asked.suggestions} == {None}
    for match in logged.matches:
        values = np.frombuffer(match.feature_values, dtype=np.uint8)[None, :]
        assert trained.model.scores(values)[0] == match.score
    registry.rollback(folder)
    again = ask()
    assert [(m.offer_id, m.score) for m in again.suggestions] == [(m.offer_id, m.score) for m in before.suggestions]


def test_chances_of_the_model_in_use_are_held_against_what_followed(trained: Trained, history: History) -> None:
    model = trained.model
    assert model.calibration is not None
    shown, hidden, high = (
        replace(model, calibration=replace(model.calibration, shown=released, intercept=model.calibration.intercept + more))
        for released, more in ((True, 0.0), (False, 0.0), (True, float(np.log(3))))
    )
    rng = np.random.default_rng(1)
    known = {**MODELS, model.version: shown}
    assert chances_of(history, known, HAND_SET, rng) == "no_chances"
    assert chances_of(history, known, hidden, rng) == "no_chances"
    assert chances_of(history, known, shown, rng) == "too_early"  # nothing was suggested with it
    half = history.suggestions.person % 2 == 0
    own = np.where(half, model.version, history.suggestions.model)
    score = np.where(half, model.scores(history.suggestions.values), history.suggestions.score)
    logged = replace(history, suggestions=replace(history.suggestions, model=own, score=score))
    answer = chances_of(logged, known, shown, rng)
    assert not isinstance(answer, str)
    found, verdict = answer
    assert 0 < found.n <= int(np.count_nonzero(half))
    assert verdict.shown
    assert found.ratio.low < 1 < found.ratio.high
    # Chances that are all three times too high do not pass.
    wrong = chances_of(logged, known, high, rng)
    assert not isinstance(wrong, str)
    assert "observed_expected" in wrong[1].why_not
    nothing = replace(logged, as_of=logged.as_of.replace(year=2000))
    assert chances_of(nothing, known, shown, rng) == "too_early"


def test_a_damaged_model_leaves_the_last_good_one_in_service(trained: Trained, tmp_path: Path) -> None:
    desk, folder = a_desk(tmp_path), tmp_path / registry.MODELS
    assert desk.loaded().matcher.model.version == HAND_SET.version
    version = registry.keep(folder, trained.content, trained.card, trained.pages)
    registry.promote(folder, version)
    (folder / version / registry.MODEL).write_text("{}", encoding="utf-8")
    assert desk.loaded().degraded
    assert desk.loaded().matcher.model.version == HAND_SET.version
    (folder / registry.POINTER).write_text("", encoding="utf-8")
    assert desk.loaded().degraded
    assert desk.loaded().matcher.model.version == HAND_SET.version
    registry._point(folder, registry.Pointer())
    assert not desk.loaded().degraded


def test_a_damaged_model_hides_no_other_and_is_no_end_to_going_back(trained: Trained, folder: Path) -> None:
    (version,) = registry.versions(folder)
    other = registry.keep(folder, {**trained.content, "description": "another"}, trained.card, trained.pages)
    registry._point(folder, registry.Pointer(other, (None, version)))
    (folder / version / registry.MODEL).write_text("{", encoding="utf-8")
    refused("no_card", registry.card, folder, version)
    rows = listings.models(folder).records()
    assert {row["model"]: row["hires"] is not None for row in rows} == {HAND_SET.version: False, version: False, other: True}
    assert registry.rollback(folder) is None
    assert registry.pointer(folder) == registry.Pointer()


def run(home: Path, *words: str, code: int = 0, lang: str = "en") -> str:
    result = CliRunner().invoke(cli, list(words), env={"LINKMATCH_DATA_DIR": str(home), "LINKMATCH_LANG": lang, "COLUMNS": "140"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def test_models_at_the_command_line(trained: Trained, tmp_path: Path) -> None:
    folder = tmp_path / registry.MODELS
    version = registry.keep(folder, trained.content, trained.card, trained.pages)

    def listed() -> list[tuple[str, bool]]:
        items = json.loads(run(tmp_path, "models", "list", "--format", "json"))["items"]
        return [(item["model"], item["inUse"]) for item in items]

    assert listed() == [(HAND_SET.version, True), (version, False)]
    assert run(tmp_path, "models", "show", version, lang="nl").startswith("# Modelkaart")
    assert json.loads(run(tmp_path, "models", "show", version, "--format", "json"))["model"] == version
    assert version in run(tmp_path, "models", "promote", version)
    assert listed() == [(HAND_SET.version, False), (version, True)]
    assert HAND_SET.version in run(tmp_path, "models", "rollback", lang="fr")
    assert "in use before" in run(tmp_path, "models", "rollback", code=1)
    assert "Geen model" in run(tmp_path, "models", "promote", "x", code=1, lang="nl")
    shutil.rmtree(folder)
    assert listed() == [(HAND_SET.version, True)]


def test_training_at_the_command_line(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_desk(tmp_path).store.close()
    monkeypatch.setattr("training.history.read_history", lambda store, as_of: history, raising=False)
    made = json.loads(run(tmp_path, "train", "--as-of", "2025-06-30", "--format", "json"))
    assert "text_resemblance" in made["metrics"]
    assert registry.versions(tmp_path / registry.MODELS) == [made["model"]]
    few = replace(history, events=replace(history.events, stands=np.zeros(len(history.events.id), dtype=np.bool_)))
    monkeypatch.setattr("training.history.read_history", lambda store, as_of: few, raising=False)
    assert "Te weinig aanwervingen" in run(tmp_path, "train", code=1, lang="nl")
