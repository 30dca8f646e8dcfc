"""What the page on suggestions says, in French, Dutch and English."""

from typing import Final

from matching.codes import Words

EVALUATION_WORDS: Final[Words] = {
    "ranking": (
        "Les emplois trouvés étaient-ils en haut des listes ?",
        "Stonden de gevonden jobs bovenaan de lijsten?",
        "Did the jobs found stand high in the lists?",
    ),
    "ranking_how": (
        (
            "Pour chaque engagement, on reprend la dernière liste montrée à la personne avant que l'offre lui soit proposée :"
            " à quel rang s'y trouvait-elle ? {lists} listes, {people} personnes ; un seul chiffre par personne, puis la "
            "moyenne."
        ),
        (
            "Voor elke aanwerving nemen we de laatste lijst die de persoon zag voordat het aanbod werd voorgesteld: op welke "
            "plaats stond het? {lists} lijsten, {people} personen; één cijfer per persoon, dan het gemiddelde."
        ),
        (
            "For each hire, the last list shown to the person before the offer was proposed is taken: at which rank did it "
            "stand? {lists} lists, {people} people; one number for each person, then the mean."
        ),
    ),
    "measure": ("Mesure", "Maat", "Measure"),
    "value": ("Valeur", "Waarde", "Value"),
    "spread": (
        "Les offres sont-elles proposées à parts égales ?",
        "Wordt het aanbod gelijk verdeeld?",
        "Are the offers spread evenly?",
    ),
    "offers": ("Offres d'emploi", "Vacatures", "Vacancies"),
    "without_vacancy": ("Demandes sans offre d'emploi", "Vragen zonder vacature", "Questions without a vacancy"),
    "without_vacancy_none": (
        "Non mesuré : le journal ne dit pour aucune demande si une offre d'emploi a été montrée.",
        "Niet gemeten: het logboek zegt van geen enkele vraag of er een vacature getoond werd.",
        "Not measured: the log says of no question whether a vacancy was shown.",
    ),
    "without_vacancy_how": (
        (
            "La dernière demande de chaque personne compte. La cause est la limite sans laquelle le plus d'offres convenables "
            "seraient là ; si aucune limite seule n'y change rien et qu'aucune offre ne restait, la règle qui en a écarté le "
            "plus parmi les offres ouvertes. Un tiret remplace ce qui repose sur trop peu de personnes, et ce dont on pourrait "
            "le déduire."
        ),
        (
            "De laatste vraag van elke persoon telt. De oorzaak is de grens zonder welke er de meeste passende vacatures zouden "
            "zijn; als geen enkele grens alleen iets verandert en er geen vacature overbleef, de regel die de meeste open "
            "vacatures wegnam. Een streepje vervangt wat op te weinig personen steunt, en wat daaruit af te leiden is."
        ),
        (
            "The last question of each person counts. The cause is the limit without which most suitable vacancies would be "
            "there; if no single limit helps and no vacancy was left, the rule that removed most of the open "
            "ones. A dash stands for what rests on too few people, and for what it could be worked out from."
        ),
    ),
    "without_vacancy_found": (
        (
            "Pour {} personnes dont on le sait, la part restée sans offre d'emploi : {} ({}). En plus : {} personnes pour qui "
            "aucune liste n'était permise (accompagnement pas ouvert, ou pas de base pour utiliser les données)."
        ),
        (
            "Van {} personen van wie dit geweten is, het deel dat zonder vacature bleef: {} ({}). Daarnaast: {} personen voor "
            "wie geen lijst mocht (begeleiding niet open, of geen grondslag om de gegevens te gebruiken)."
        ),
        (
            "Of {} people of whom this is known, the share left without a vacancy: {} ({}). Besides: {} people for whom no list "
            "was allowed (guidance not open, or no basis for using the data)."
        ),
    ),
    "cause": ("Cause", "Oorzaak", "Cause"),
    "unstated": (
        "Offres dont le nombre de places est inconnu",
        "Aanbod waarvan het aantal plaatsen onbekend is",
        "Offers whose number of places is unknown",
    ),
    "calibration": ("Les chances annoncées", "De vermelde kansen", "The chances stated"),
    "calibration_none": (
        "Non mesuré : le modèle en service n'annonce pas de chances, seulement des niveaux (fort, correct, faible).",
        "Niet gemeten: het model in gebruik vermeldt geen kansen, enkel niveaus (sterk, redelijk, zwak).",
        "Not measured: the model in use states no chances, only bands (strong, fair, weak).",
    ),
    "calibration_early": (
        "Pas encore mesuré : rien de ce que le modèle en service a proposé n'est assez ancien pour qu'on sache la suite.",
        "Nog niet gemeten: niets van wat het model in gebruik voorstelde, is oud genoeg om de afloop te kennen.",
        "Not measured yet: nothing that the model in use suggested is old enough for its result to be known.",
    ),
    "service_groups": (
        "Le service, par groupe cible",
        "De dienst, per doelgroep",
        "The service, by target group",
    ),
    "service_groups_how": (
        (
            "Ce que chaque groupe reçoit, et si les emplois trouvés figuraient dans les listes. Un tiret remplace ce qui "
            "repose sur trop peu de personnes, et ce dont on pourrait le déduire. Le sexe, l'âge, l'origine et d'autres "
            "caractéristiques protégées : non mesuré."
        ),
        (
            "Wat elke groep krijgt, en of de gevonden jobs in de lijsten stonden. Een streepje vervangt wat op te weinig "
            "personen steunt, en wat daaruit af te leiden is. Geslacht, leeftijd, herkomst en andere beschermde kenmerken: "
            "niet gemeten."
        ),
        (
            "What each group gets, and whether the jobs found stood in the lists. A dash stands for what rests on too few "
            "people, and for what it could be worked out from. Sex, age, origin and other protected characteristics: not "
            "measured."
        ),
    ),
    "comparison": (
        "Deux façons de proposer, comparées",
        "Twee manieren van voorstellen, vergeleken",
        "Two ways of suggesting, compared",
    ),
    "comparison_none": (
        "Non mesuré : aucune comparaison n'a été demandée.",
        "Niet gemeten: er is geen vergelijking gevraagd.",
        "Not measured: no comparison was asked for.",
    ),
    "comparison_how": (
        (
            "Le hasard a donné à chaque personne l'une des deux façons, « {0} » ou « {1} ». La différence est la seconde "
            "moins la première. Les engagements ne sont jugés que si les entretiens diffèrent."
        ),
        (
            'Het toeval gaf elke persoon een van beide manieren, "{0}" of "{1}". Het verschil is de tweede min de eerste. '
            "Aanwervingen worden enkel beoordeeld als de gesprekken verschillen."
        ),
        (
            "Chance gave each person one of the two ways, “{0}” or “{1}”. The difference is the second less the first. Hires "
            "are judged only when interviews differ."
        ),
    ),
    "interviews": ("Entretien dans les {} jours", "Gesprek binnen {} dagen", "Interview within {} days"),
    "hires": ("Engagement dans les {} jours", "Aanwerving binnen {} dagen", "Hire within {} days"),
    "difference": ("Différence", "Verschil", "Difference"),
    "detectable": (
        "Plus petite différence qui serait vue 80 fois sur 100",
        "Kleinste verschil dat 80 keer op 100 gezien zou worden",
        "Smallest difference that would be seen 80 times in 100",
    ),
    "differs": ("diffèrent", "verschillen", "differ"),
    "same": ("pas de différence établie", "geen verschil aangetoond", "no difference shown"),
    "not_judged": ("pas jugé", "niet beoordeeld", "not judged"),
    "comparison_weeks": (
        (
            "Le hasard a donné à chaque semaine l'une des deux façons, « {0} » ou « {1} » ; ce sont des listes qui sont "
            "comptées. La différence est la seconde moins la première. Les engagements ne sont jugés que si les entretiens "
            "diffèrent."
        ),
        (
            'Het toeval gaf elke week een van beide manieren, "{0}" of "{1}"; geteld worden lijsten. Het verschil is de '
            "tweede min de eerste. Aanwervingen worden enkel beoordeeld als de gesprekken verschillen."
        ),
        (
            "Chance gave each week one of the two ways, “{0}” or “{1}”; lists are counted. The difference is the second less "
            "the first. Hires are judged only when interviews differ."
        ),
    ),
    "calibration_how": (
        "Les chances annoncées, en dix tranches : la moyenne annoncée et la part qui s'est réalisée.",
        "De vermelde kansen in tien schijven: het vermelde gemiddelde en het deel dat uitkwam.",
        "The chances stated, in ten slices: the mean that was stated, and the share that came true.",
    ),
    "observed": (
        "Pour 100 engagements que ces chances annonçaient, il y en a eu {} ({} à {}).",
        "Voor elke 100 aanwervingen die deze kansen aankondigden, kwamen er {} ({} tot {}).",
        "For every 100 hires that these chances announced, there were {} ({} to {}).",
    ),
    "released": (
        "Les chances annoncées se vérifient assez pour être montrées.",
        "De vermelde kansen komen genoeg uit om getoond te worden.",
        "The chances stated come true well enough to be shown.",
    ),
    "not_released": (
        "Les chances ne sont pas montrées, seulement des niveaux : {}.",
        "De kansen worden niet getoond, enkel niveaus: {}.",
        "Chances are not shown, only bands: {}.",
    ),
    "matches": ("Suggestions", "Suggesties", "Suggestions"),
    "stated": ("Chance annoncée", "Vermelde kans", "Chance stated"),
    "came_true": ("Réalisée", "Uitgekomen", "Came true"),
    "used": (
        "Ce qui a choisi les suggestions",
        "Wat de suggesties koos",
        "What chose the suggestions",
    ),
    "used_how": (
        (
            "Le modèle dit ce que vaut une offre pour une personne ; la façon de proposer dit lesquelles sont montrées. Leurs "
            "noms sont ceux du journal, sous lesquels deux d'entre eux peuvent être comparés."
        ),
        (
            "Het model zegt wat een aanbod waard is voor een persoon; de manier van voorstellen zegt welke getoond worden. Hun "
            "namen zijn die van het logboek, waaronder er twee vergeleken kunnen worden."
        ),
        (
            "The model says what an offer is worth to a person; the way of suggesting says which are shown. Their names are "
            "those of the log, under which two of them can be compared."
        ),
    ),
    "model": ("Modèle", "Model", "Model"),
    "policy": ("Façon de proposer", "Manier van voorstellen", "Way of suggesting"),
    "exploring": ("Ce que coûte l'exploration", "Wat verkennen kost", "What exploring costs"),
    "exploring_none": (
        "Non mesuré : trop peu, ou rien, n'a été laissé au hasard.",
        "Niet gemeten: te weinig, of niets, werd aan het toeval overgelaten.",
        "Not measured: too little, or nothing, was left to chance.",
    ),
    "exploring_found": (
        (
            "Sans laisser de place au hasard, {1} des suggestions ({2} à {3}) auraient mené à un entretien dans les {0} jours : "
            "estimation sur {4} suggestions, qui en valent {5}."
        ),
        (
            "Zonder plaats voor het toeval had {1} van de suggesties ({2} tot {3}) binnen {0} dagen tot een gesprek geleid: "
            "schatting op {4} suggesties, die er {5} waard zijn."
        ),
        (
            "With nothing left to chance, {1} of the suggestions ({2} to {3}) would have led to an interview within {0} days: "
            "an estimate on {4} suggestions, which are worth {5}."
        ),
    ),
}
