"""Driving licences, certificates and contracts: what vacancies call by fixed names, in French, Dutch and English.

Everything reads plain text (`matching.cues.plain`); capitals are looked up in the text as given.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from matching.codes import Certificate, Contract, DrivingLicence
from matching.cues import spaced
from matching.said import Finding

_CATEGORIES: Final = {
    **{code.value.lower(): code for code in DrivingLicence},
    **{"b+e": DrivingLicence.BE, "c+e": DrivingLicence.CE, "c/e": DrivingLicence.CE, "b/e": DrivingLicence.BE},
    **{
        "c1e": DrivingLicence.C1,
        "d1e": DrivingLicence.D1,
        "de": DrivingLicence.D,
        "a1": DrivingLicence.A,
        "a2": DrivingLicence.A,
    },
}
_CATEGORY: Final = r"(?:am|b ?\+ ?e|c ?\+ ?e|c/e|b/e|c1e|d1e|be|ce|de|c1|d1|a1|a2|a|b|c|d|g)(?![\w'+#]|-?talig|/\d)"
_SEPARATOR: Final = r"(?: ?[,/&+-] ?| ?(?:,? ?\b(?:et/ou|en/of|and/or|et|ou|en|of|and|or)\b ?(?:de |le |the |a |een |un )?))"
_LICENCE: Final = (
    r"(?:permis(?: de conduire)?|rijbewij(?:s|zen)|rijbew\b\.?|driv(?:ing|er'?s?|ers) licen[cs]es?|driving permits?|(?:car"
    r"|truck|lorry|bus|hgv) licen[cs]es?)"
)
_WHICH: Final = (
    r"(?:[ :(-]{1,3}(?:(?:europeen|belge|valide|valable|belgian|european|valid|geldig|definitif|"
    r"de|du|of|type|van|het|met|avec|with)[ ]?){0,3}(?:categor(?:ies?|ie)|cat\b\.?|types?|classe?|category|categories|klasse"
    r"|class)?[ :\"'(«-]{0,3})"
)
_LISTED: Final = rf"(?P<list>{_CATEGORY}(?:{_SEPARATOR}(?:(?:permis|rijbewijs) )?{_CATEGORY}){{0,5}})"
_NAMED_LICENCES: Final = (
    spaced(rf"\b{_LICENCE}{_WHICH}{_LISTED}"),
    spaced(rf"\b(?:categor(?:ie|y)|cat\.|class|klasse) {_LISTED}[ -]?(?:driving )?(?:licen[cs]es?|rijbewijs|permit)"),
    spaced(rf"(?<![\w+/-])(?!a ){_LISTED}[ -](?:driving |driver's )?(?:licen[cs]es?|rijbewijs)\b"),
)
_SINGLE: Final = re.compile(_CATEGORY)
_VEHICLES: Final = tuple(
    (code, spaced(pattern))
    for code, pattern in (
        (
            DrivingLicence.C,
            r"\bpermis (?:poids lourds?|camion|pl\b)|\b(?:vrachtwagen|camion)rijbewijs\b|\brijbewijs vrachtwagen\b"
            r"|\b(?:hgv|lorry|truck) licen[cs]e\b",
        ),
        (DrivingLicence.BE, r"\bpermis remorque\b|\brijbewijs aanhangwagen\b"),
        (DrivingLicence.A, r"\bpermis moto\b|\bmotorrijbewijs\b|\brijbewijs (?:motor|moto)\b|\bmotor(?:cycle|bike) licen[cs]e\b"),
        (DrivingLicence.AM, r"\bpermis (?:cyclomoteur|mobylette)\b|\bbromfietsrijbewijs\b|\bmoped licen[cs]e\b"),
        (DrivingLicence.D, r"\bpermis (?:bus|autocar|car)\b|\bbusrijbewijs\b|\brijbewijs bus\b|\bbus licen[cs]e\b"),
        (DrivingLicence.G, r"\bpermis tracteur\b|\btractorrijbewijs\b|\brijbewijs tractor\b"),
    )
)
_PLAIN_LICENCE: Final = spaced(
    r"\bpermis de conduire\b|\bpermis(?: voiture| auto)?(?= (?:et|\+|&) (?:une? )?(?:voiture|vehicule)|(?: voiture| auto)\b"
    r"| (?:est |non )?(?:exige|requis|obligatoire|indispensable|souhaite|necessaire))|\brijbewijs\b|\brijbew\b|\bdriv(?:ing"
    r"|er'?s?|ers) licen[cs]e\b"
)
_OFFICE: Final = re.compile(
    r"\b(?:delivr\w+|demandes?|dossiers?|gestion|gerer|gerez|traite\w*|aanvra\w+|uitreik\w+|issu\w+|applications?|process\w*"
    r"|loket|examens?|"
    r"examinat\w+|theorie|cours|auto-?ecole|rijschool|aflever\w+|renew\w*|inhou\w*|retraits?)\b[^.;:,\n]{0,40}$"
)
_LATER: Final = re.compile(
    rf"(?:[,(;][ ]{{0,2}}|\b(?:et|ou|en|of|and|or|idealement|bij voorkeur|liefst|preferably|ideally|mais|maar"
    rf"|but)[ ]{{1,2}})(?:(?:de preference|idealement|bij voorkeur|liefst)[ ])?"
    rf"(?P<list>{_CATEGORY}(?:{_SEPARATOR}{_CATEGORY}){{0,3}})(?=[ ]{{0,2}}(?:[,.;)(=:]|$|\n|(?:est|sont|is|zijn|are|un plus"
    rf"|een (?:plus|must|troef)|an? (?:plus|asset|advantage|must)|un atout|souhait\w+|gewenst|preferred|requis|exige|vereist"
    rf"|required)\b))"
)
_LATER_REACH: Final = 90


def licences(text: str, said: str) -> Iterator[Finding]:
    """Driving licences: each category that is named, B where none is.

    >>> [f.code for f in licences("Permis C ou CE; rijbewijs", "permis c ou ce; rijbewijs")]
    ['C', 'CE', 'B']
    """
    found: list[Finding] = []
    for pattern in _NAMED_LICENCES:
        for one in pattern.finditer(said):
            if not _taken(found, one.span()) and not said.startswith(("permis a points",), one.start()):
                found += _categories(text, said, one)
    for code, pattern in _VEHICLES:
        places = [one.span() for one in pattern.finditer(said)]
        found += [Finding("drivingLicences", *span, code=code.value) for span in places if not _taken(found, span)]
    for one in _PLAIN_LICENCE.finditer(said):
        if not _taken(found, one.span()) and not _OFFICE.search(said, max(0, one.start() - 60), one.start()):
            found.append(Finding("drivingLicences", *one.span(), code=DrivingLicence.B.value))
    for first in tuple(found):
        line = said.find("\n", first.end)
        reach = min(first.end + _LATER_REACH, line if line >= 0 else len(said))
        for one in _LATER.finditer(said, first.end, reach):
            if not _taken(found, one.span("list")) and text[one.start("list")].isupper():
                found += [replace(f, start=max(f.start, one.start("list"))) for f in _categories(text, said, one)]
    yield from found


def _categories(text: str, said: str, found: re.Match[str]) -> list[Finding]:
    """One finding per category of a list; the first takes in the word for licence."""
    kept: list[re.Match[str]] = []
    for one in _SINGLE.finditer(said, *found.span("list")):
        if text[one.start()] in "àÀâ" or (one[0] in "ade" and _is_a_word(text, said, one)):
            break
        kept.append(one)
    bounds = [found.start(), *(one.start() for one in kept[1:])]
    ends = [*(one.end() for one in kept[:-1]), found.end()]
    return [
        Finding("drivingLicences", start, end, code=_CATEGORIES[one[0].replace(" ", "")].value)
        for one, start, end in zip(kept, bounds, ends, strict=False)
    ]


def _is_a_word(text: str, said: str, one: re.Match[str]) -> bool:
    """Whether "a" is an article or a verb ("a plus", "a points"), and "de" a preposition."""
    follows = re.match(
        r"[ ]+(?!(?:ou|et|en|of|or|and|est|is|sont|are|requis|exige|vereist|required)\b)[a-z]", said[one.end() : one.end() + 12]
    )
    return bool(follows) and (not text[one.start()].isupper() or text[one.start() : one.end() + 12].isupper())


def _taken(found: list[Finding], span: tuple[int, int]) -> bool:
    return any(span[0] < f.end and f.start < span[1] for f in found)


_PAPER: Final = (
    r"(?:brevets?|attest(?:en|ations?)?|certificate?s?|certificaat|certificaten|certifications?|diplom[ae]s?"
    r"|getuigschrift\w*|bewijs|licen[cs]es?|licentie|permis|permit|card|carte|kaart|badge|qualifications?|ticket"
    r"|formation|opleiding|training|habilitation|rijbewijs)"
)
_A_PAPER: Final = (
    rf"\b{_PAPER}(?: de| du| d'| d| van| voor| in| en| of| for| as| als| (?:de )?conduite de| comme| pour| het| een"
    rf"| the| l'| la){{0,3}}[ ':-]{{1,2}}"
)
_CERTIFICATES: Final = tuple(
    (code, spaced(pattern))
    for code, pattern in (
        (
            Certificate.CODE_95,
            r"\bcode ?95\b|\bvakbekwaamheid(?:sattest)?(?: c\b| d\b| code| chauffeur| bestuurder|sattest)"
            r"|\baptitude professionnelle\b(?! p)|\bdriver cpc\b"
            r"|\bcertificate of professional competence\b|\bfimo\b|\bfco\b|\bcapacite professionnelle (?:transport|chauffeur)\w*",
        ),
        (Certificate.ADR, rf"(?:{_A_PAPER})?\badr\b(?:[- ]?{_PAPER})?"),
        (
            Certificate.FORKLIFT,
            rf"{_A_PAPER}(?:cariste|clark\w*|chariots? elevateurs?|chariot|(?:conducteur de )?chariot\w*|heftruck\w*"
            rf"|reachtruck\w*|hefmiddelen|vorkheftruck\w*"
            rf"|vorklift\w*|fork-?lift(?: truck)?\w*|clarkiste|transpalette\w*)|\b(?:vork)?(?:heftruck|reachtruck|clark"
            rf"|vorklift|hefmiddelen|stapelaar)(?:[- ]?(?:chauffeurs?|bestuurders?))?"
            rf"[- ]?(?:attest|brevet|rijbewijs|certificaat|diploma|licentie|getuigschrift)\w*"
            rf"|\bfork-?lift(?: truck)?(?: driver'?s?| operator'?s?)? {_PAPER}|\bcaces\b|\bcariste brevete\w*"
            r"|\bbrevet cariste\b|\bpermis cariste\b",
        ),
        (Certificate.VCA, rf"(?:{_A_PAPER})?\b(?:vol-?|b-)?vca\b(?:-(?:basis|vol))?(?:[- ]?{_PAPER})?"),
        (
            Certificate.BA4_BA5,
            rf"(?:{_A_PAPER})?\bba ?4(?: ?(?:[/,-]|et|en|and|of|ou|or) ?(?:ba ?)?5)?\b|(?:{_A_PAPER})?\bba ?5\b",
        ),
        (
            Certificate.SECURITY_CARD,
            r"\bcarte d'identification(?: (?:de|du) (?:gardiennage|garde|spf interieur|securite"
            r"|gardien))?(?: agent de (?:gardiennage|securite))?|\bcarte (?:de|d'agent de) (?:gardiennage|securite)\b"
            r"|\bidentificatiekaart(?: (?:voor |van |als )?(?:een )?(?:bewaking\w*|fod binnenlandse zaken))?"
            r"|\bbewakings?(?:kaart|attest|licentie)\b|\bsecurity (?:guard|officer)? ?(?:id )?(?:card|licen[cs]e|badge)\b"
            rf"|\bguard(?:ing)? (?:card|licen[cs]e)\b|{_A_PAPER}(?:agent de gardiennage|agent de securite|bewakingsagent"
            rf"|gardiennage|security guard|guarding)\b|\bbewakingsagentkaart\b",
        ),
        (
            Certificate.HEALTH_VISA,
            r"\bvis(?:a|um)s? (?:de |du |d'|van |het |voor |in |der |les |des |from |by |l')*(?:la |het |de |the )?(?:spf"
            r"|fod|sante|soins|professions? (?:de la )?(?:sante|soins)|volksgezondheid|gezondheid\w*|health\w*"
            r"|aide-soignant\w*|infirmier\w*|verpleegkund\w*|zorgkundige|fps)(?: (?:sante(?: publique)?|volksgezondheid|care"
            r"|public health))?"
            r"|\b(?:health(?:[ -]?care)?|nursing|care|zorg|gezondheids\w*|verpleegkundig) ?vis(?:a|um)\b|\bzorgvisum\b"
            r"|\bvisa d'exercice\b",
        ),
        (
            Certificate.CARE_REGISTRATION,
            r"\b(?:enregistre(?:ment|e)?s?(?:\(e\))?|registrations?|registratie(?:nummer)?|geregistreerde?n?|registered"
            r"|agrement)(?: \w+){0,2}? (?:(?:en tant qu'|comme |als |as |d'|des |de |van |for |of )(?:an? |une? "
            r"|een )?)?(?:aides?-soignant\w*|zorgkundigen?|care (?:assistant|aide)s?|nursing (?:assistant|auxiliar\w+)"
            r"|healthcare assistants?)"
            r"|\b(?:aides?-soignant\w*(?:\(e\))?|zorgkundigen?|care (?:assistant|aide)s?"
            r"|healthcare assistants?)(?:[ ,']{1,2}[\w-]+(?:\(e\))?){0,5}?[ ,]{1,2}(?:enregistre\w*|registratie\w*"
            r"|geregistreerd\w*|registration|registered)(?:\(e\))?"
            r"|\bzorgkundige(?:n)?registratie\b",
        ),
        (
            Certificate.TEACHING_DIPLOMA,
            r"\btitres? pedagogiques?\b|\b(?:certificat|diplome|brevet) d'aptitudes? pedagogiques?\b|\bcapaes\b"
            r"|\bagregation\b|\baes[is]\b|\bpedagogische? (?:bekwaamheids?)?(?:bewijs|diploma|getuigschrift)\b"
            r"|\bpedagogisch bekwaamheidsbewijs\b|\b(?:bewijs|getuigschrift|diploma"
            r"|attest) (?:van )?(?:de )?pedagogische (?:bekwaamheid|vorming)\b|\b(?:bpb|gpb)\b|\blerarendiploma\b"
            r"|\bonderwijsbevoegdheid\b"
            r"|\bteaching (?:qualification|diploma|certificate|licen[cs]e|degree|credential)s?\b|\bpgce\b"
            r"|\bqualified teacher status\b|\bpedagogical (?:diploma|qualification|certificate|title)\b"
            r"|\b(?:diplome|titre) d'(?:enseignant|instituteur)\w*|\beducatieve (?:master|bachelor)\b",
        ),
        (
            Certificate.FIRST_AID,
            rf"{_A_PAPER}(?:secouris\w+|premiers? (?:secours|soins)|ehbo|eerste hulp|first[- ]aid\w*|beps|bls)\b"
            rf"|\bsecouriste (?:industriel|brevete|certifie|d'entreprise)\w*|\bbeps\b"
            rf"|\b(?:ehbo|eerste hulp|first[- ]aid|bls)(?: bij ongevallen)?[- ]?(?:{_PAPER}|certified|trained)\b"
            rf"|\bcertified first[- ]aider\b|\bgediplomeerd hulpverlener\b"
            r"|\b(?:secourisme|ehbo)\b(?=[ ]?(?:\)|,|$|=|est|is|souhaite|gewenst|vereist|exige|requis|obligatoire|verplicht"
            r"|een|un))",
        ),
        (
            Certificate.TAXI_PERMIT,
            rf"\b(?:certificat|attestation|attest|brevet) (?:de |van )?(?:capacite|bekwaamheid|aptitude)(?: (?:de |pour "
            rf"|voor )?(?:chauffeur (?:de )?)?(?:taxi\w*|lvc))|\bcapacite (?:chauffeur )?(?:de )?taxi\b"
            r"|\bbekwaamheidsattest (?:voor )?(?:taxi\w*|chauffeur)|\btaxi(?:bestuurders)?(?:pas|vergunning|attest|kaart)\b"
            r"|\bbestuurderspas\b|\btaxi(?: driver'?s?)? (?:permit|licen[cs]e|card|certificate)\b"
            rf"|{_A_PAPER}(?:chauffeur de )?taxi\w*",
        ),
        (
            Certificate.GOOD_CONDUCT,
            r"\b(?:extraits? (?:de |du |d')?)?(?:votre |ton |un )?casiers? (?:judiciaires?(?: vierge)?|vierge)"
            r"|\b(?:uittreksel (?:uit )?(?:het |je |uw )?)?strafregister\w*|\bstrafblad\b"
            r"|\b(?:clean )?criminal record(?:s)?(?: (?:extract|certificate|check))?"
            r"|\b(?:certificat )?(?:de )?bonnes? (?:conduite(?:,? vie)?|vie)(?:,? et)?(?: de)? m(?:œ|oe)urs|\b(?:attest "
            r"|bewijs |getuigschrift )?(?:van )?goed (?:zedelijk )?gedrag(?: en zeden)?|\bcertificate of good (?:conduct"
            r"|character)|\bgood conduct certificate|\bextrait (?:de )?(?:modele|596)\b|\buittreksel (?:model )?596\b",
        ),
    )
)
_KEPT_THINGS: Final = re.compile(r"[- ]?(?:koffer|kist|box|boxes|kits?|cabinets?|post|lokaal|trousse|supplies|material)")


_SAME_BREATH: Final = re.compile(r"[ ()/:+-]{0,3}(?:\b(?:van|de|a|of|met|avec)\b)?[ ]?")


def certificates(said: str) -> Iterator[Finding]:
    """Certificates that law or practice asks for some work.

    >>> [f.code for f in certificates("heftruckattest, code 95 en een ehbo-koffer")]
    ['code_95', 'forklift']
    """
    for code, pattern in _CERTIFICATES:
        kept = (found.span() for found in pattern.finditer(said) if not _KEPT_THINGS.match(said, found.end()))
        yield from _once(said, "certificates", code, kept)


_CONTRACTS: Final = tuple(
    (code, spaced(pattern))
    for code, pattern in (
        (
            Contract.PERMANENT,
            r"\bcdi\b|\b(?:contrats? )?(?:a |de )?durees? indeterminee?s?\b|\bcontrat (?:fixe|permanent|definitif|stable)\b"
            r"|\bonbepaalde (?:duur|tijd)\b"
            r"|\bvaste? (?:contract|job|betrekking|functie|aanstelling|tewerkstelling|werk|dienstverband|plaats)\b"
            r"|\bcontract in vast dienstverband\b|\b(?:permanent|open[- ]ended|indefinite)(?:[- ]\w+){0,1}?[- ](?:contract"
            r"|position|job|role|employment|post|duration|term|basis)\b"
            r"|\bemploi (?:fixe|stable)\b|\bpermanent\b(?= ?[,.;)/|]| ?$)|\bcontract\w* of indefinite duration\b",
        ),
        (
            Contract.FIXED_TERM,
            r"\bcdd\b|\b(?:contrats? )?(?:a |de )?durees? determinee?s?\b|\bbepaalde (?:duur|tijd)\b"
            r"|\bfixed[- ]term(?: \w*contract| contract| position| job)?"
            r"|\btemporary (?:contract|position|job|assignment|role|employment|post)\b|\btijdelijke? (?:contract|aanstelling"
            r"|job|betrekking|functie|opdracht|tewerkstelling|vacature|werk)\b"
            r"|\bcontrats? (?:temporaire|(?:de|d'une duree de) \d{1,2} (?:mois|ans?))|\bcontract (?:van|voor|of"
            r"|for) \d{1,2} (?:maand\w*|months?|jaar|years?)|\b\d{1,2}[- ]?(?:months?|maanden)[- ]contract\b"
            r"|\bmission temporaire\b",
        ),
        (
            Contract.INTERIM,
            r"(?<!agence d')(?<!agences d')(?<!bureau d')(?<!societe d')(?<!agence )(?<!bureau )(?<!l')\binterim\b(?!-?(?:kanto"
            r"|bureau|sector|manag|agenc| manag| kanto| bureau| agenc|consult))"
            r"|\binterim(?:periode|contract|job|basis|arbeid|werk|opdracht|mission)\w*|\b(?:missions?|contrats?|travail"
            r"|jobs?|postes?|emplois?|statut) interimaires?\b|\buitzend(?:arbeid|werk|contract|opdracht|job|basis|kracht)\w*"
            r"|\b(?:temporary )?agency (?:work|contract|job|assignment|basis)\w*|\btemp work\b|\btemping\b",
        ),
        (
            Contract.REPLACEMENT,
            r"\b(?:contrats?|poste|mission|cdd|emploi|engagement) (?:de |en )remplacement\b|\bremplacement (?:pour |d'un "
            r"|d'une |de |en |d')?(?:conge|maternite|maladie|longue|ecartement|pause carriere)\w*"
            r"|\ben remplacement (?:de|d')|\bvervangings?(?:contract|opdracht|job|functie|overeenkomst)\w*"
            r"|\b(?:zwangerschaps|ziekte|moederschaps|ouderschaps)vervanging\w*|\bter vervanging\b|\bcontract (?:van"
            r"|voor) vervanging\b"
            r"|\bvervanging (?:wegens|zwangerschap|ziekte|van een)\w*|\breplacement (?:contract|position|job|assignment)\b"
            r"|\b(?:maternity|parental|sick)(?: leave)? (?:cover|replacement)\b",
        ),
        (Contract.FLEXI, r"\bflexi-?(?: ?job\w*)"),
        (
            Contract.STUDENT,
            r"\b(?:jobs?|contrats?|emplois?|travail|statut|boulot|postes?) (?:d'|pour |de "
            r"|d)?etudiante?s?(?:\(e\))?\b(?! entrepreneur)|\betudiante?s? jobistes?\b|\bjobistes?(?: etudiante?s?)?\b"
            r"|\b(?:studenten|vakantie)-?(?:job|werk|contract|arbeid|baan)\w*|\bjobstudent\w*|\bstudents? (?:jobs?|contract"
            r"|work|position)\b|\bwerkstudent\w*",
        ),
        (
            Contract.SELF_EMPLOYED,
            r"\b(?:en tant qu'|comme |statut d'|statut |sous statut |travailleur |a titre d'|a titre |contrat d'"
            r"|contrat )independante?s?(?:\(e\))?(?! de )|\bindependante?(?:\(e\))? (?:complementaire|a titre|principal)\w*"
            r"|\b(?:als|op|onder) (?:een )?(?:hoofdberoep )?zelfstandig(?:e|en)?(?: basis| statuut| medewerker| in \w+beroep"
            r"| \(?freelance)?(?= |$|[.,;/)])(?! (?:werk|te |beroep|naamwoord|functioner|aan de slag kan))"
            r"|\bzelfstandigen?(?: |-)?(?:statuut|contract|basis|status)\b|\bzelfstandige in (?:hoofd|bij)beroep\b"
            r"|\bself[- ]employed(?: (?:status|basis|contract|position|worker|person))?\b(?! (?:clients|customers|people"
            r"|workers|entrepreneurs))|\bas an? (?:independent )?contractor\b"
            r"|\bfreelance(?:r|rs)?\b(?! (?:\w+s|\w+en)\b(?<!basis))|\bindependent contractor\b",
        ),
    )
)


def contracts(said: str) -> Iterator[Finding]:
    """Kinds of contract; one that is said twice in one breath ("tijdelijke aanstelling van bepaalde duur") is one.

    >>> [f.code for f in contracts("cdd de 6 mois ou contrat a duree indeterminee")]
    ['permanent', 'fixed_term']
    """
    for code, pattern in _CONTRACTS:
        yield from _once(said, "contract", code, (found.span() for found in pattern.finditer(said)))


def _once(said: str, field: str, code: str, places: Iterable[tuple[int, int]]) -> Iterator[Finding]:
    """One finding for what is said twice in one breath ("aptitude professionnelle (code 95)")."""
    last: Finding | None = None
    for start, end in places:
        if last and _SAME_BREATH.fullmatch(said, last.end, start):
            last = replace(last, end=end)
            continue
        if last:
            yield last
        last = Finding(field, start, end, code=str(code))
    if last:
        yield last
