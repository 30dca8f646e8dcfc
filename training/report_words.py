"""What the pages of reports say, in French, Dutch and English: headings, explanations, names of columns."""

from typing import Final

from matching.codes import Words
from training.evaluation_words import EVALUATION_WORDS

PAGE_WORDS: Final[Words] = {
    **EVALUATION_WORDS,
    "title": (
        "Du service à l'emploi : combien de personnes trouvent du travail",
        "Van dienst naar job: hoeveel personen vinden werk",
        "From service to job: how many people find work",
    ),
    "evaluation_title": (
        "Les suggestions : qualité et répartition",
        "De suggesties: kwaliteit en spreiding",
        "The suggestions: quality and spread",
    ),
    "facts": (
        "Données au {as_of}, empreinte {data}. Définitions : version {version}, empreinte {digest}.",
        "Gegevens op {as_of}, vingerafdruk {data}. Definities: versie {version}, vingerafdruk {digest}.",
        "Data as of {as_of}, fingerprint {data}. Definitions: version {version}, fingerprint {digest}.",
    ),
    "facts_how": (
        "Deux rapports de mêmes empreintes ont compté les mêmes choses dans les mêmes données.",
        "Twee verslagen met dezelfde vingerafdrukken telden hetzelfde in dezelfde gegevens.",
        "Two reports with the same fingerprints counted the same things in the same data.",
    ),
    "registered_in": (
        "Personnes inscrites {}. De ce qui est arrivé avant le début du journal, rien n'est connu : qui s'est inscrit plus tôt "
        "n'est compté que si on le demande.",
        "Personen ingeschreven {}. Van wat voor het begin van het logboek gebeurde, is niets bekend: wie vroeger ingeschreven "
        "is, wordt alleen geteld als erom gevraagd wordt.",
        "People registered {}. Of what happened before the log began nothing is known: who registered earlier is counted only "
        "when asked for.",
    ),
    "since_until": ("du {since} au {until}", "van {since} tot {until}", "from {since} to {until}"),
    "since": ("depuis le {since}", "sinds {since}", "since {since}"),
    "until": ("jusqu'au {until}", "tot {until}", "until {until}"),
    "always": ("à toutes les dates", "op alle data", "on all dates"),
    "short": ("En bref", "In het kort", "In short"),
    "headline": (
        "Selon la définition choisie, « {title} » : {verdict}. {number} des personnes ({low} à {high}).",
        'Volgens de gekozen definitie, "{title}": {verdict}. {number} van de personen ({low} tot {high}).',
        "By the definition chosen, “{title}”: {verdict}. {number} of the people ({low} to {high}).",
    ),
    "headline_bare": (
        "Selon la définition choisie, « {title} » : {verdict}. {number} des personnes ; trop peu est connu pour un intervalle.",
        'Volgens de gekozen definitie, "{title}": {verdict}. {number} van de personen; er is te weinig bekend voor een interval.',
        "By the definition chosen, “{title}”: {verdict}. {number} of the people; too little is known for an interval.",
    ),
    "headline_few": (
        "Selon la définition choisie, « {title} » : {verdict}, car trop peu de personnes sont connues pour un pourcentage.",
        'Volgens de gekozen definitie, "{title}": {verdict}, want er zijn te weinig personen bekend voor een percentage.',
        "By the definition chosen, “{title}”: {verdict}, for too few people are known for a percentage.",
    ),
    "no_headline": (
        "Aucune définition n'a été choisie pour ce rapport : les quatre sont montrées, sans conclusion d'ensemble.",
        "Voor dit verslag is geen definitie gekozen: alle vier staan er, zonder algemeen besluit.",
        "No definition was chosen for this report: all four are shown, without an overall conclusion.",
    ),
    "target": ("objectif : {}", "doelstelling: {}", "target: {}"),
    "definition": ("Définition", "Definitie", "Definition"),
    "people": ("Personnes", "Personen", "People"),
    "share": ("Part des personnes", "Deel van de personen", "Share of the people"),
    "interval": ("Intervalle", "Interval", "Interval"),
    "verdict": ("Face à l'objectif", "Tegenover de doelstelling", "Against the target"),
    "basis": ("Calculé sur", "Berekend op", "Worked out on"),
    "everybody": (
        "toutes, aussi celles suivies moins de six mois",
        "iedereen, ook wie minder dan zes maanden gevolgd is",
        "everybody, also those followed for less than six months",
    ),
    "followed": (
        "celles suivies assez longtemps (inscrites jusqu'au {})",
        "wie lang genoeg gevolgd is (ingeschreven tot {})",
        "those followed for long enough (registered until {})",
    ),
    "unknown_too": (
        "; inconnu pour {} personnes : l'intervalle va de « aucune » à « toutes »",
        '; onbekend voor {} personen: het interval gaat van "niemand" tot "iedereen"',
        "; unknown for {} people: the interval goes from “none of them” to “all of them”",
    ),
    "unknown": ("pas connu", "niet bekend", "not known"),
    "words": ("Ce qui est compté", "Wat wordt geteld", "What is counted"),
    "curve": ("Emploi trouvé, jour après jour", "Werk gevonden, dag na dag", "Work found, day by day"),
    "curve_how": (
        (
            "La ligne pleine montre la part des personnes qui ont commencé un emploi, selon les jours depuis l'inscription ; "
            "la bande claire est l'intervalle. Les autres lignes montrent les autres façons dont la recherche a pris fin. "
            "Sous l'axe : combien de personnes étaient encore en recherche et suivies ce jour-là. Moins elles sont "
            "nombreuses, moins la suite est sûre."
        ),
        (
            "De volle lijn toont welk deel van de personen aan een job begon, volgens de dagen sinds de inschrijving; de "
            "lichte band is het interval. De andere lijnen tonen hoe de zoektocht anders eindigde. Onder de as: hoeveel "
            "personen die dag nog zochten en gevolgd werden. Hoe minder het er zijn, hoe minder zeker het vervolg."
        ),
        (
            "The solid line shows which share of the people started a job, by days since registration; the light band is the "
            "interval. The other lines show the other ways in which the search ended. Below the axis: how many people were "
            "still searching and followed on that day. The fewer they are, the less certain is what follows."
        ),
    ),
    "across": ("jours depuis l'inscription", "dagen sinds de inschrijving", "days since registration"),
    "up": ("part des personnes", "deel van de personen", "share of the people"),
    "at_risk": ("encore en recherche et suivies :", "nog op zoek en gevolgd:", "still searching and followed:"),
    "ends": ("Où en sont les personnes", "Hoe het met de personen staat", "Where people stand"),
    "ends_how": (
        (
            "Part des personnes dont la recherche a pris fin de chaque façon, au plus tard ce jour. Ceux qui ont été suivis "
            "moins longtemps comptent aussi, pour le temps où ils l'ont été (estimation d'Aalen et Johansen). Être transmis "
            "aux antennes n'est jamais compté comme un succès."
        ),
        (
            "Deel van de personen van wie de zoektocht op elke manier eindigde, uiterlijk die dag. Wie korter gevolgd is, "
            "telt ook mee, voor de tijd dat die gevolgd is (schatting van Aalen en Johansen). Overdracht aan de antennes telt"
            " nooit als succes."
        ),
        (
            "Share of the people whose search ended in each way, by that day at the latest. Those followed for a shorter time"
            " count too, for as long as they were followed (the estimate of Aalen and Johansen). Being handed over to the "
            "agencies is never counted as a success."
        ),
    ),
    "day": ("Jour", "Dag", "Day"),
    "how": ("Fin de la recherche", "Einde van de zoektocht", "End of the search"),
    "naive": ("Deux chiffres à ne pas utiliser", "Twee cijfers om niet te gebruiken", "Two figures not to use"),
    "naive_how": (
        (
            "Pour comparaison seulement. Diviser les emplois trouvés par toutes les personnes donne un chiffre trop bas, car "
            "les plus récentes n'ont pas encore eu le temps. Faire comme si personne n'était transmis ni n'arrêtait (1 - "
            "Kaplan-Meier) donne un chiffre trop haut."
        ),
        (
            "Enkel ter vergelijking. De gevonden jobs delen door alle personen geeft een te laag cijfer, want de recentste "
            "hadden nog geen tijd. Doen alsof niemand wordt overgedragen of stopt (1 - Kaplan-Meier) geeft een te hoog "
            "cijfer."
        ),
        (
            "For comparison only. Dividing the jobs found by all people gives a figure that is too low, for the most recent "
            "ones have not had the time yet. Acting as if nobody were handed over or gave up (1 - Kaplan-Meier) gives one "
            "that is too high."
        ),
    ),
    "naive_share": ("emplois / toutes les personnes", "jobs / alle personen", "jobs / all people"),
    "kaplan_meier": ("1 - Kaplan-Meier", "1 - Kaplan-Meier", "1 - Kaplan-Meier"),
    "right": ("estimation de ce rapport", "schatting van dit verslag", "estimate of this report"),
    "funnel": ("De la proposition à l'emploi", "Van voorstel naar job", "From proposal to job"),
    "funnel_how": (
        (
            "Un couple est une personne et une offre. « Montrés » : pour la première fois ce mois par le service. « Proposés » : "
            "par une personne, pour la première fois ce mois ; ce qui a suivi compte dans ce même mois, quelle qu'en soit la "
            "date. Les mois récents ont encore beaucoup d'issues ouvertes. Les engagements comptent au mois de l'engagement, "
            "aussi ceux à une offre que le service n'avait pas montrée. * médiane : la moitié a pris moins de temps."
        ),
        (
            'Een paar is een persoon en een aanbod. "Getoond": deze maand voor het eerst door de dienst. "Voorgesteld": door '
            "iemand, deze maand voor het eerst; wat volgde, telt in diezelfde maand, wanneer het ook gebeurde. Recente maanden "
            "hebben nog veel open uitkomsten. Aanwervingen tellen in de maand van de aanwerving, ook die bij aanbod dat de "
            "dienst niet had getoond. * mediaan: bij de helft duurde het minder lang."
        ),
        (
            "A pair is a person and an offer. “Shown”: for the first time this month, by the service. “Proposed”: by somebody, "
            "for the first time this month; what followed counts in that same month, whenever it happened. Recent months still "
            "have many open results. Hires count in the month of the hire, also those at an offer that the service had not "
            "shown. * median: half of them took less time."
        ),
    ),
    "years": ("Par année d'inscription", "Per jaar van inschrijving", "By year of registration"),
    "years_how": (
        (
            "Comment la recherche a pris fin jusqu'ici, selon la première définition ; « trop récentes » : inscrites depuis si "
            "peu de temps que rien n'est encore connu. Un tiret remplace les nombres trop petits pour être montrés, et ceux "
            "dont on pourrait les déduire."
        ),
        (
            'Hoe de zoektocht tot nu toe eindigde, volgens de eerste definitie; "te recent": zo kort geleden ingeschreven dat '
            "nog niets bekend is. Een streepje vervangt aantallen die te klein zijn om te tonen, en die waaruit ze af te "
            "leiden zijn."
        ),
        (
            "How the search has ended so far, by the first definition; “too recent”: registered so short a time ago that nothing "
            "is known yet. A dash stands for numbers that are too small to be shown, and for those from which they could be "
            "worked out."
        ),
    ),
    "fund": (
        "Pour le Fonds social européen (FSE+)",
        "Voor het Europees Sociaal Fonds (ESF+)",
        "For the European Social Fund (ESF+)",
    ),
    "fund_how": (
        (
            "Les participants, selon les indicateurs communs du règlement (UE) 2021/1057, annexe I. Une personne entre le jour "
            "de son inscription ; elle sort le premier jour d'un emploi, quand elle est transmise aux antennes ou quand "
            "l'accompagnement prend fin. Ici, tout emploi compte, même court. Ce que personne n'a noté est compté comme inconnu, "
            "jamais comme « non ». Un tiret remplace les nombres trop petits pour être montrés, et ceux dont on pourrait les "
            "déduire. Le chômage de longue durée, le sexe, l'âge et le niveau d'études ne sont pas comptés ici."
        ),
        (
            "De deelnemers, volgens de gemeenschappelijke indicatoren van verordening (EU) 2021/1057, bijlage I. Iemand stapt in "
            "op de dag van de inschrijving en stapt uit op de eerste dag van een job, bij de overdracht aan de antennes of "
            "wanneer de begeleiding eindigt. Hier telt elke job, ook een korte. Wat niemand noteerde, telt als onbekend, nooit "
            'als "nee". Een streepje vervangt aantallen die te klein zijn om te tonen, en die waaruit ze af te leiden zijn. '
            "Langdurige werkloosheid, geslacht, leeftijd en opleidingsniveau worden hier niet geteld."
        ),
        (
            "The participants, after the common indicators of Regulation (EU) 2021/1057, annex I. A person enters on the day of "
            "registration, and leaves on the first day of a job, when handed over to the agencies, or when guidance ends. Here "
            "every job counts, also a short one. What nobody wrote down is counted as unknown, never as “no”. A dash stands for "
            "numbers that are too small to be shown, and for those from which they could be worked out. Long-term unemployment, "
            "sex, age and level of education are not counted here."
        ),
    ),
    "fund_entries": (
        "Situation à l'entrée, par année d'inscription",
        "Toestand bij de instap, per jaar van inschrijving",
        "Situation on entry, by year of registration",
    ),
    "fund_entries_how": (
        (
            "« Au travail » : un contrat noté au dossier a pris fin après l'inscription. « Sans emploi » : il avait pris fin ce "
            "jour-là ou avant. Un dossier qui ne mentionne aucun contrat ne dit rien : inconnu."
        ),
        (
            '"Aan het werk": een contract in het dossier liep af na de inschrijving. "Zonder werk": het was die dag of eerder '
            "afgelopen. Een dossier dat geen contract vermeldt, zegt niets: onbekend."
        ),
        (
            "“In work”: a contract on file ended after the registration. “Without work”: it had ended on that day or before. A "
            "file that names no contract does not say: unknown."
        ),
    ),
    "fund_on_leaving": (
        "Au travail à la sortie (dans les {} jours), par année de sortie",
        "Aan het werk bij de uitstap (binnen {} dagen), per jaar van uitstap",
        "In work on leaving (within {} days), by year of leaving",
    ),
    "fund_on_leaving_how": (
        "« Non » : la fin de l'accompagnement a été notée, et aucun emploi ne l'est.",
        '"Nee": het einde van de begeleiding is genoteerd, en geen enkele job.',
        "“No”: how guidance ended was written down, and no job is.",
    ),
    "fund_later": (
        "Au travail six mois après la sortie ({} jours), par année de sortie",
        "Aan het werk zes maanden na de uitstap ({} dagen), per jaar van uitstap",
        "In work six months after leaving ({} days), by year of leaving",
    ),
    "fund_later_how": (
        (
            "« Oui » : l'emploi a été confirmé après six mois, ou n'a pris fin que plus tard. « Non » : il y a eu un emploi, et "
            "sa fin a été signalée."
        ),
        '"Ja": de job is na zes maanden bevestigd of liep pas later af. "Nee": er was een job, en het einde ervan is gemeld.',
        "“Yes”: the job was confirmed after six months, or ended only later. “No”: there was a job, and its end was reported.",
    ),
    "participants": ("Participants", "Deelnemers", "Participants"),
    "left": ("Sortis", "Uitgestapt", "Left"),
    "in_work": ("Au travail", "Aan het werk", "In work"),
    "without_work": ("Sans emploi", "Zonder werk", "Without work"),
    "not_known": ("Inconnu", "Onbekend", "Unknown"),
    "yes": ("Oui", "Ja", "Yes"),
    "no": ("Non", "Nee", "No"),
    "recent": ("Trop récent", "Te recent", "Too recent"),
    "year": ("Année", "Jaar", "Year"),
    "registered": ("Inscrites", "Ingeschreven", "Registered"),
    "too_recent": ("Trop récentes", "Te recent", "Too recent"),
    "group_count": ("{} : {}", "{}: {}", "{}: {}"),
    "by_group": ("dont, par groupe cible", "waarvan, per doelgroep", "of whom, by target group"),
    "no_group": ("groupe inconnu", "groep onbekend", "group unknown"),
    "groups": ("Par groupe cible", "Per doelgroep", "By target group"),
    "groups_how": (
        (
            "Parmi les personnes suivies assez longtemps. Un tiret remplace les nombres trop petits pour être montrés, et "
            "ceux dont on pourrait les déduire. Le sexe, l'âge, l'origine et d'autres caractéristiques protégées : non "
            "mesuré."
        ),
        (
            "Bij wie lang genoeg gevolgd is. Een streepje vervangt aantallen die te klein zijn om te tonen, en die waaruit ze"
            " af te leiden zijn. Geslacht, leeftijd, herkomst en andere beschermde kenmerken: niet gemeten."
        ),
        (
            "Among people followed for long enough. A dash stands for numbers that are too small to be shown, and for those "
            "from which they could be worked out. Sex, age, origin and other protected characteristics: not measured."
        ),
    ),
    "group": ("Groupe", "Groep", "Group"),
    "count": ("Dont réussies", "Waarvan geslaagd", "Of whom successful"),
    "reconciled": ("Les comptes tombent juste", "De rekening klopt", "The counts add up"),
    "reconciled_how": (
        (
            "Chaque ligne du journal est dans une colonne et une seule. Ce que l'effacement de personnes a retiré est compté "
            "à part, sans nom ; une ligne disparue autrement aurait empêché ce rapport."
        ),
        (
            "Elke regel van het logboek staat in precies één kolom. Wat door het wissen van personen verdween, is apart en "
            "naamloos geteld; een regel die anders verdwenen was, had dit verslag verhinderd."
        ),
        (
            "Every row of the log stands in exactly one column. What erasing people removed is counted apart, without names; "
            "a row that had vanished otherwise would have prevented this report."
        ),
    ),
    "uncounted": (
        "Ces données sont simulées : personne n'a compté ce qui a été enregistré.",
        "Deze gegevens zijn gesimuleerd: niemand telde wat geregistreerd werd.",
        "These data are simulated: nobody counted what was recorded.",
    ),
    "kind": ("Événement", "Gebeurtenis", "Event"),
    "shown": ("montré", "getoond", "shown"),
    "logged": ("Lignes", "Regels", "Rows"),
    "corrected": ("corrigées", "verbeterd", "corrected"),
    "without_offer": ("sans offre", "zonder aanbod", "without offer"),
    "repeated": ("répétées", "herhaald", "repeated"),
    "unproposed": ("sans proposition", "zonder voorstel", "without proposal"),
    "explained": ("expliquées seulement", "enkel uitgelegd", "only explained"),
    "counted": ("comptées", "geteld", "counted"),
    "erased": ("effacées", "gewist", "erased"),
    "glossary": ("Comment lire ces chiffres", "Hoe deze cijfers te lezen", "How to read these figures"),
}
