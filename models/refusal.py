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
        "il y a trop ou trop peu d'embauches au regard des chances annoncées",
        "er zijn te veel of te weinig aanwervingen tegenover de vermelde kansen",
        "there are too many or too few hires for the chances stated",
    ),
    "slope": (
        "les chances annoncées sont trop tranchées ou pas assez",
        "de vermelde kansen liggen te ver uiteen of te dicht bijeen",
        "the chances stated are too far apart or too close together",
    ),
    "skill": (
        "les chances annoncées n'apprennent rien de plus que la moyenne",
        "de vermelde kansen leren niet meer dan het gemiddelde",
        "the chances stated tell no more than the average does",
    ),
    "group": (
        "pour un groupe, les chances annoncées sont fausses",
        "voor een groep kloppen de vermelde kansen niet",
        "for one group the chances stated are wrong",
    ),
    "too_few": (
        "il y a trop peu d'embauches pour en juger",
        "er zijn te weinig aanwervingen om te oordelen",
        "there are too few hires to judge",
    ),
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
