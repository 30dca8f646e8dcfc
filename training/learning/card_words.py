"""The words of a model card in French, Dutch and English."""

from typing import Final

from matching.codes import Words

HEADINGS: Final[Words] = {
    "title": ("Fiche du modèle", "Modelkaart", "Model card"),
    "purpose": ("À quoi il sert", "Waarvoor het dient", "What it is for"),
    "not_for": ("À quoi il ne peut pas servir", "Waarvoor het niet mag dienen", "What it must not be used for"),
    "data": ("Données", "Gegevens", "Data"),
    "definitions": ("Définitions", "Definities", "Definitions"),
    "splits": ("Tranches de données", "Delen van de gegevens", "Splits of the data"),
    "ranking": ("Classement", "Rangschikking", "Ranking"),
    "differences": (
        "Avantage du modèle appris sur chaque autre classement",
        "Voorsprong van het geleerde model op elke andere rangschikking",
        "Lead of the learned model over each other ranking",
    ),
    "groups": ("Par groupe", "Per groep", "By group"),
    "calibration": ("Probabilité d'embauche", "Kans op aanwerving", "Chance of a hire"),
    "missing": ("Valeurs manquantes", "Ontbrekende waarden", "Missing values"),
    "shapes": ("Ce que vaut chaque comparaison", "Wat elke vergelijking waard is", "What each comparison is worth"),
}

SENTENCES: Final[Words] = {
    "purpose": (
        (
            "Il range des offres d'emploi pour une personne, et des personnes pour une offre. Le score est une somme : un "
            "départ, plus ce qu'apporte chaque comparaison. La personne qui accompagne décide ; le modèle propose."
        ),
        (
            "Het rangschikt vacatures voor een persoon, en personen voor een vacature. De score is een som: een start, plus wat"
            " elke vergelijking bijdraagt. De consulent beslist; het model stelt voor."
        ),
        (
            "It ranks vacancies for a person, and people for a vacancy. The score is a sum: a start, plus what each comparison "
            "adds. The consultant decides; the model proposes."
        ),
    ),
    "not_for": (
        (
            "Ni pour écarter ou sanctionner une personne, ni pour juger de son aptitude au travail, ni pour choisir qui est "
            "accompagné, ni pour comparer des groupes de personnes, ni pour évaluer des membres du personnel. Ses chiffres "
            "viennent de suggestions montrées ici : ils ne disent rien d'offres jamais montrées ni d'un autre service."
        ),
        (
            "Niet om iemand uit te sluiten of te bestraffen, niet om te oordelen of iemand kan werken, niet om te kiezen wie "
            "begeleiding krijgt, niet om groepen van mensen te vergelijken, niet om personeel te beoordelen. De cijfers komen "
            "van suggesties die hier getoond zijn: ze zeggen niets over vacatures die nooit getoond zijn, of over een andere "
            "dienst."
        ),
        (
            "Not to exclude or sanction anybody, not to judge whether somebody can work, not to choose who is given guidance, "
            "not to compare groups of people, not to assess staff. Its figures come from suggestions shown here: they say "
            "nothing of vacancies that were never shown, or of another service."
        ),
    ),
    "data": (
        "Suggestions montrées du {first} au {last} ; données au {as_of}.",
        "Suggesties getoond van {first} tot {last}; gegevens van {as_of}.",
        "Suggestions shown from {first} to {last}; data of {as_of}.",
    ),
    "hire": (
        (
            "Embauche : la personne a été engagée pour cette offre dans les {window} jours après la première fois que l'offre "
            "lui a été suggérée, et le service l'a su {lag} jours plus tard au plus. Chaque paire d'une personne et d'une offre"
            " compte une fois."
        ),
        (
            "Aanwerving: de persoon is voor deze vacature aangeworven binnen {window} dagen nadat ze voor het eerst werd "
            "voorgesteld, en de dienst wist het ten laatste {lag} dagen later. Elk paar van een persoon en een vacature telt "
            "één keer."
        ),
        (
            "Hire: the person was hired for this vacancy within {window} days after it was first suggested to them, and the "
            "service knew it at most {lag} days later. Each pair of a person and a vacancy counts once."
        ),
    ),
    "measures": (
        (
            "nDCG@10 : qualité des dix premiers rangs, de 0 à 1 (embauche 3, entretien 2, candidature 1). MRR : moyenne de 1 / "
            "rang de la première embauche. Embauche@k : part des personnes embauchées dont l'embauche est dans les k premiers "
            "rangs. Les issues de rangs bas, moins regardés, comptent davantage, selon ce que le modèle a estimé. Entre "
            "crochets : intervalle à 95 %, par rééchantillonnage des personnes."
        ),
        (
            "nDCG@10: kwaliteit van de eerste tien plaatsen, van 0 tot 1 (aanwerving 3, gesprek 2, sollicitatie 1). MRR: "
            "gemiddelde van 1 / plaats van de eerste aanwerving. Aanwerving@k: deel van de aangeworven personen van wie de "
            "aanwerving bij de eerste k staat. Uitkomsten van lage plaatsen, waar minder naar gekeken wordt, tellen zwaarder, "
            "volgens wat het model geschat heeft. Tussen haakjes: 95 %-interval, door personen opnieuw te trekken."
        ),
        (
            "nDCG@10: quality of the first ten places, from 0 to 1 (hire 3, interview 2, application 1). MRR: mean of 1 / rank "
            "of the first hire. Hire@k: share of the people hired whose hire is among the first k. Outcomes of low ranks, "
            "looked at less, count more, by what the model has estimated. In brackets: 95 % interval, by resampling people."
        ),
    ),
    "apart": (
        "Aucune personne ni aucun employeur n'est dans deux tranches.",
        "Geen persoon en geen werkgever zit in twee delen.",
        "No person and no employer is in two splits.",
    ),
    "not_apart": (
        "Aucune personne n'est dans deux tranches. Des employeurs y sont : les séparer laisserait trop peu d'embauches.",
        "Geen persoon zit in twee delen. Werkgevers wel: hen scheiden zou te weinig aanwervingen overlaten.",
        "No person is in two splits. Employers are: keeping them apart would leave too few hires.",
    ),
    "shown": (
        "La probabilité peut être montrée : elle a passé la règle sur des données plus récentes.",
        "De kans mag getoond worden: ze voldeed aan de regel op recentere gegevens.",
        "The chance may be shown: it passed the rule on later data.",
    ),
    "not_shown": (
        "Aucune probabilité n'est montrée, seulement des niveaux : {}.",
        "Er wordt geen kans getoond, alleen niveaus: {}.",
        "No chance is shown, bands only: {}.",
    ),
    "verdict": (
        (
            "Sur {n} suggestions : {hires} embauches, {expected} attendues ; observées/attendues {ratio} (admis 0,8-1,25), "
            "pente {slope} (admis 0,8-1,2), gain sur le taux moyen {skill}."
        ),
        (
            "Op {n} suggesties: {hires} aanwervingen, {expected} verwacht; waargenomen/verwacht {ratio} (toegelaten 0,8-1,25), "
            "helling {slope} (toegelaten 0,8-1,2), winst op het gemiddelde {skill}."
        ),
        (
            "On {n} suggestions: {hires} hires, {expected} expected; observed/expected {ratio} (allowed 0.8-1.25), slope "
            "{slope} (allowed 0.8-1.2), gain over the average rate {skill}."
        ),
    ),
    "learned_from": (
        "Appris en comparant, pour chacune de {} personnes, ce qui a mené à un entretien ou à une embauche avec le reste de ce "
        "qui lui a été proposé. Là où cela ne dit rien, les tableaux restent près de ceux fixés à la main.",
        "Geleerd door voor elk van {} personen te vergelijken wat tot een gesprek of een aanwerving leidde met de rest van wat "
        "haar of hem werd voorgesteld. Waar dat niets zegt, blijven de tabellen dicht bij die met de hand.",
        "Learned by comparing, for each of {} people, what led to an interview or a hire with the rest of what was suggested to "
        "them. Where that says nothing the tables stay near the hand-set ones.",
    ),
    "picture": (
        (
            "Trait plein : appris ; tirets : fixé à la main. À droite, de gauche à droite : non demandé, non dit par l'offre, "
            "inconnu de la personne. Vers le haut : parle pour."
        ),
        (
            "Volle lijn: geleerd; streepjes: met de hand. Rechts, van links naar rechts: niet gevraagd, niet gezegd door de "
            "vacature, onbekend van de persoon. Naar boven: pleit ervoor."
        ),
        (
            "Solid: learned; dashed: hand-set. At the right, from left to right: not asked, not said by the vacancy, not known "
            "of the person. Upwards: speaks for it."
        ),
    ),
    "small": (
        "trop peu de personnes (moins de 30)",
        "te weinig personen (minder dan 30)",
        "too few people (fewer than 30)",
    ),
    "no_groups": (
        "non mesuré",
        "niet gemeten",
        "not measured",
    ),
}

COLUMNS: Final[Words] = {
    "split": ("tranche", "deel", "split"),
    "from": ("du", "van", "from"),
    "to": ("au", "tot", "to"),
    "people": ("personnes", "personen", "people"),
    "employers": ("employeurs", "werkgevers", "employers"),
    "rows": ("suggestions", "suggesties", "suggestions"),
    "hires": ("embauches", "aanwervingen", "hires"),
    "ranking": ("classement", "rangschikking", "ranking"),
    "group": ("groupe", "groep", "group"),
    "comparison": ("comparaison", "vergelijking", "comparison"),
    "not_asked": ("non demandé", "niet gevraagd", "not asked"),
    "unstated": ("non dit", "niet gezegd", "not said"),
    "unknown": ("inconnu", "onbekend", "unknown"),
    "expected": ("attendu", "verwacht", "expected"),
    "observed": ("observé", "waargenomen", "observed"),
    "ratio": ("observé/attendu", "waargenomen/verwacht", "observed/expected"),
    "count": ("nombre", "aantal", "number"),
    "ndcg_10": ("nDCG@10", "nDCG@10", "nDCG@10"),
    "mrr": ("MRR", "MRR", "MRR"),
    "hit_1": ("embauche@1", "aanwerving@1", "hire@1"),
    "hit_5": ("embauche@5", "aanwerving@5", "hire@5"),
    "hit_10": ("embauche@10", "aanwerving@10", "hire@10"),
}
SPLITS: Final[Words] = {
    "fit": ("apprendre", "leren", "learn"),
    "calibrate": ("régler la probabilité", "de kans afstellen", "set the chance"),
    "evaluate": ("évaluer", "evalueren", "evaluate"),
}
RANKINGS: Final[Words] = {
    "learned": ("modèle appris", "geleerd model", "learned model"),
    "current": ("modèle en service", "model in gebruik", "model in use"),
    "hand_set": ("tableaux fixés à la main", "tabellen met de hand", "hand-set tables"),
    "random": ("au hasard", "willekeurig", "random"),
    "newest": ("les plus récentes d'abord", "de nieuwste eerst", "newest first"),
    "most_suggested": ("les plus suggérées d'abord", "de meest voorgestelde eerst", "most suggested first"),
    "profession_and_distance": (
        "même métier, puis distance", "zelfde beroep, dan afstand", "same profession, then distance",
    ),
    "text_resemblance": ("ressemblance des textes", "gelijkenis van teksten", "resemblance of texts"),
    "boosted_trees": (
        "arbres avec interactions (étalon, non servi)", "bomen met interacties (maatstaf, niet in gebruik)",
        "trees with interactions (yardstick, not served)",
    ),
}  # fmt: skip
COUNTS: Final[Words] = {
    "suggestions": ("suggestions dans le journal", "suggesties in het logboek", "suggestions in the log"),
    "not_vacancies": (
        "autres que des offres d'emploi proposées", "andere dan voorgestelde vacatures", "other than suggested vacancies",
    ),
    "shown_again": ("montrées à nouveau", "opnieuw getoond", "shown again"),
    "unmatured": ("trop récentes", "te recent", "too recent"),
    "unreplayable": ("ne se rejouent pas", "kunnen niet worden overgedaan", "do not replay"),
    "rows": ("retenues", "behouden", "kept"),
    "hires": ("dont embauches", "waarvan aanwervingen", "of which hires"),
}  # fmt: skip
