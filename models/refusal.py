"""What may not be learned from, promoted or shown, and why: names, and their words in three languages."""

from typing import Final

from matching.codes import Words, word

REFUSALS: Final[Words] = {
    "future_field": (
        "Champ venu du futur ({}) : un modèle n'apprend que de ce qui était connu quand la suggestion a été montrée.",
        "Veld uit de toekomst ({}): een model leert alleen uit wat bekend was toen de suggestie getoond werd.",
        "Field from the future ({}): a model learns only from what was known when the suggestion was shown.",
    ),
    "unreplayable": (
        "Le journal ne se rejoue pas : {} suggestions sur {} n'ont pas le score que donnent leurs valeurs.",
        "Het logboek kan niet worden overgedaan: {} van {} suggesties hebben niet de score die hun waarden geven.",
        "The log does not replay: {} of {} suggestions do not have the score that their values give.",
    ),
    "unmatured": (
        "Suggestions trop récentes : leur issue ne sera connue que le {}, après la date des données ({}).",
        "Te recente suggesties: hun afloop is pas op {} bekend, na de datum van de gegevens ({}).",
        "Suggestions too recent: what became of them is known only on {}, after the date of the data ({}).",
    ),
    "too_few": (
        "Trop peu d'embauches pour apprendre ({}) : {}, il en faut {}.",
        "Te weinig aanwervingen om te leren ({}): {}, er zijn er {} nodig.",
        "Too few hires to learn from ({}): {}, where {} are needed.",
    ),
    "all_hired": (
        "Rien à comparer ({}) : les {} suggestions ont toutes mené à une embauche.",
        "Niets te vergelijken ({}): alle {} suggesties leidden tot een aanwerving.",
        "Nothing to compare with ({}): all {} suggestions led to a hire.",
    ),
    "person_in_two_splits": (
        "Personnes présentes dans deux tranches de données : {}.",
        "Personen in twee delen van de gegevens: {}.",
        "People in two splits of the data: {}.",
    ),
    "employer_in_two_splits": (
        "Employeurs présents dans deux tranches de données : {}.",
        "Werkgevers in twee delen van de gegevens: {}.",
        "Employers in two splits of the data: {}.",
    ),
    "splits_too_close": (
        "Les tranches de données se suivent de trop près : moins de {} jours les séparent.",
        "De delen van de gegevens volgen te dicht op elkaar: er liggen minder dan {} dagen tussen.",
        "The splits of the data follow too closely: fewer than {} days lie between them.",
    ),
    "no_version": ("Pas de modèle de ce nom : {}", "Geen model met die naam: {}", "No model of that name: {}"),
    "no_card": (
        "Le modèle {} n'a pas de fiche qui soit la sienne.",
        "Model {} heeft geen eigen modelkaart.",
        "Model {} has no card of its own.",
    ),
    "no_self_test": (
        "Le modèle {} n'a pas de valeurs d'épreuve.",
        "Model {} heeft geen zelftest.",
        "Model {} has no self-test.",
    ),
    "not_compared": (
        "Le modèle {} n'a pas été comparé avec : {}",
        "Model {} is niet vergeleken met: {}",
        "Model {} was not compared with: {}",
    ),
    "no_skill": (
        "Le modèle {} ne prédit pas mieux que le hasard ({}).",
        "Model {} voorspelt niet beter dan het toeval ({}).",
        "Model {} predicts no better than chance ({}).",
    ),
    "worse": (
        "Le modèle {} classe moins bien que {}.",
        "Model {} rangschikt minder goed dan {}.",
        "Model {} ranks less well than {}.",
    ),
    "no_previous": (
        "Aucun modèle n'a été mis en service avant celui-ci.",
        "Er was voor dit model geen ander in gebruik.",
        "No model was in use before this one.",
    ),
}

REASONS: Final[Words] = {
    "observed_expected": (
        "embauches observées par embauche attendue hors de 0,8-1,25",
        "waargenomen per verwachte aanwerving buiten 0,8-1,25",
        "hires observed per hire expected outside 0.8-1.25",
    ),
    "slope": ("pente hors de 0,8-1,2", "helling buiten 0,8-1,2", "slope outside 0.8-1.2"),
    "skill": (
        "pas mieux que le taux moyen",
        "niet beter dan het gemiddelde",
        "no better than the average rate",
    ),
    "group": ("faux pour un groupe", "onjuist voor een groep", "wrong for a group"),
    "too_few": ("trop peu d'embauches pour en juger", "te weinig aanwervingen om te oordelen", "too few hires to judge"),
}
"""Why a model shows bands and no probability."""


class Refused(Exception):  # noqa: N818 - the word of the doors
    """Something that may not be learned from, promoted or served; ``name`` is one of `REFUSALS`, ``details`` fill its words."""

    def __init__(self, name: str, *details: object) -> None:
        self.name = name
        self.details = details
        super().__init__(self.sentence("en"))

    def sentence(self, lang: str) -> str:
        """Say it in one language.

        >>> Refused("no_version", "learned-1").sentence("nl")
        'Geen model met die naam: learned-1'
        """
        return word(REFUSALS, self.name, lang).format(*self.details)
