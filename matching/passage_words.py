"""Words by which vacancies name what a job asks, in French, Dutch and English, written as `matching.cues.plain` writes text.

They say how a passage begins, what belongs to it and where it ends; what it means is for the linker to say. Patterns have
no nested repetition: each reads a text in time that grows with its length.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def pattern(*alternatives: str) -> re.Pattern[str]:
    """Compile alternatives, as whole words; one string may hold several, with `` | `` between them."""
    each = [one for text in alternatives for one in " ".join(text.split()).split(" | ")]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(each)})(?![\w-])")


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one language builds the passages that name a competence; every word is plain (see `matching.cues.plain`).

    Parameters
    ----------
    little
        Articles, pronouns and the like: they never begin or end a passage.
    links
        Words that carry on the name of a thing (``de``, ``van``, ``of``).
    near
        Words that carry it on only directly behind its head or a short object (``à``, ``en``).
    stops
        Words that begin the circumstances (``sur``, ``afin``, ``during``): a passage ends before them.
    coords
        And, or.
    heads, actions, endings, no_actions
        Infinitives of tasks; nouns of tasks, their endings, and nouns with such endings that are none.
    finite
        Verbs of tasks in the person in which vacancies speak.
    light
        Verbs, in any form, that only carry the noun of a task.
    subjects, no_tasks
        Words after which a verb names a task, and verbs that name none.
    leads
        Words after which an infinitive names a task.
    knowledge, capacity, experience
        Nouns that stand before what is known (and with it are one passage), can be done, has been done.
    roles
        Words after which the noun of a task is one ("chargé de").
    attitudes, frames
        Words and patterns that are competences by themselves.
    not_near
        What makes an attitude somebody else's ("une équipe dynamique").
    infinitive
        What other verbs look like in the infinitive.
    verb_last
        Whether the infinitive stands behind its object.
    bare
        Whether the second of two objects may stand without article.
    """

    little: frozenset[str]
    links: frozenset[str]
    near: frozenset[str]
    stops: frozenset[str]
    coords: frozenset[str]
    heads: frozenset[str]
    actions: frozenset[str]
    endings: tuple[str, ...]
    no_actions: frozenset[str]
    finite: frozenset[str]
    light: frozenset[str]
    subjects: frozenset[str]
    no_tasks: frozenset[str]
    leads: frozenset[str]
    knowledge: frozenset[str]
    capacity: frozenset[str]
    experience: frozenset[str]
    roles: frozenset[str]
    attitudes: frozenset[str]
    frames: re.Pattern[str]
    not_near: frozenset[str]
    infinitive: re.Pattern[str] | None = None
    verb_last: bool = False
    bare: bool = False


_FR_HEADS: Final = _words(
    """accompagner accomplir accueillir acheter adapter administrer aider ajuster alimenter ameliorer amenager analyser animer
    appliquer approvisionner archiver assembler assister assurer balayer charger cloturer collaborer collecter commander
    communiquer comptabiliser concevoir conclure conditionner conduire confectionner conseiller constituer construire
    contacter contribuer controler convaincre coordonner couper creer cuire cuisiner debarrasser decharger decorer decouper
    definir demarcher demonter depanner deployer desherber desinfecter detecter developper diagnostiquer diffuser diriger
    disposer distribuer dresser echanger eduquer effectuer elaborer elargir emballer encadrer encaisser encoder enduire
    enregistrer enseigner entretenir etablir etiqueter evacuer evaluer eveiller executer expedier expliquer exploiter
    fabriquer faciliter facturer federer fideliser fixer former fournir garantir garder garnir gerer guider identifier
    implanter informer inspecter installer instruire integrer intervenir inventorier laver lire livrer maintenir manager
    manipuler manoeuvrer manutentionner mener mesurer mettre mobiliser monter motiver negocier nettoyer observer optimiser
    orchestrer ordonnancer organiser orienter participer peindre percer petrir piloter placer planifier polir porter poser
    positionner pousser prelever prendre preparer prescrire presenter prevenir proceder produire programmer promouvoir
    proposer prospecter proteger raccorder ranger rapporter realiser reassortir receptionner recevoir rechercher recolter
    recruter recuperer rediger referencer regler reguler relancer remonter remplacer remplir rendre renforcer renouveler
    renseigner reparer repasser reperer repondre respecter restituer saisir salarier satisfaire scanner seconder selectionner
    sensibiliser servir signaler soigner solutionner souder soutenir stimuler stocker suivre superviser surveiller tailler
    tenir tester tisser tondre tracer traiter transmettre transporter travailler trier trouver usiner utiliser valider
    valoriser veiller vendre ventiler verifier verser visiter vulgariser"""
)
_FR_IRREGULAR: Final = _words(
    """accueille accueillera accueillerez accueillez appuie appuiera appuierez appuyez concevez concevra concevrez conclura
    conclut concoit conduira conduirez conduis conduisez conduit construisez construit cuit deploie deploiera emploie
    entretenez entretiendra entretiendrez entretiens entretient fais fait faites fera ferez instruit intervient lisez lit
    maintenez maintiendra maintiendrez maintient met mets mettez mettra mettrez nettoie nettoiera nettoierez peignez peindra
    peint prend prendra prendrez prends prenez prevenez previent produisez produit promeut promouvez promouvra recevez recevra
    recoit rend rendez rendra rendrez rends repond repondez repondra repondrez sers sert servez servira servirez soutenez
    soutiendra soutient suis suit suivez suivra suivrez tenez tiendra tiendrez tiens tient transmet transmettez transmettra
    transmettrez vend vendez vendra vendrez vends"""
)


def _fr_finite(heads: frozenset[str]) -> frozenset[str]:
    """French verbs as vacancies write them: il gère, il gérera, vous gérez, vous gérerez, nous gérons."""
    made = set(_FR_IRREGULAR)
    for verb in heads:
        stem = verb[:-2]
        if verb.endswith("er"):
            made |= {stem + end for end in ("e", "es", "ez", "era", "erez", "ent", "ons")}
        elif verb.endswith("ir"):
            made |= {stem + end for end in ("it", "issez", "ira", "irez", "issent")}
        else:
            made |= {stem + end for end in ("ez", "ra", "rez")}
    return frozenset(made)


_FR: Final = Grammar(
    little=_words(
        """a afin ainsi au aussi autre autres aux avec avoir bien bon bonne bonnes bons c' ce cela certain certaine ces cet cette
        chez comme d' dans de des differents divers diverses dont du egalement elle en enfin ensuite entre es est et etait etc
        etes etre ex excellent excellente excellentes excellents fois fort forte forts grand grande il j' je l' la le les leur
        leurs m' mais meme minimum n' ne nos notamment notre nous on ou par parfait parfaite plus pour principalement puis qu'
        que quelques qui quotidiennement reel reelle s' sa savoir se sera ses si solide solides son sont sous sur t' ta tes
        ton tous tout toute toutes tres tu un une veritable vos votre vous y"""
    ),
    links=_words("d' de des du"),
    near=_words("a au aux en entre"),
    stops=_words(
        """a-t-il afin ainsi ainsi-que apprecie appreciee apres au-dela aupres avant avec ayant c' car chez comme conformement
        dans demandee depuis doit donc dont durant elle elles essentiel essentielle est etant etc etes exige exigee grace hors
        il ils indispensable je jusqu' lors lorsque mais n' ne necessaire notamment nous obligatoire on ont par pendant peut
        pour puis qu' quand que qui requis requise sans selon sera seraient serait seront si soit sont souhaite souhaitee sous
        suite suivant sur tant tel telle telles tels tout tu vers via vous y"""
    ),
    coords=_words("et et/ou ou puis"),
    heads=_FR_HEADS,
    actions=_words(
        """accompagnement accueil achat achats adaptation aide analyse animation approche appui bricolage bureautique calcul
        carrelage classement commande commandes communication comptabilite conduite conseil conseils contact contacts controle
        controles coordination coupe courses couture cuisine cuisson decoupe demarche developpement ecoute ecriture
        electricite encaissement encaissements entretien envoi etude etudes facturation fidelisation garde garderie gestion
        hygiene informatique installation inventaire inventaires jardinage lavage lecture lessive livraison livraisons
        maconnerie maintenance management manutention menage menuiserie mise montage nettoyage organisation peinture pilotage
        plomberie plonge port pose preparation presentation prise prospection rangement reassort reception recherche redaction
        relance releve remise remplacement repassage reponse respect saisie secretariat service soin soins soudure soutien
        suivi surveillance taille teleprospection tenue tonte traitement transport transports travaux tri vaisselle veille
        vendange vendanges vente ventes"""
    ),
    endings=("ation", "ition", "ction", "ution", "sion", "age", "ement", "erie", "ssage"),
    no_actions=_words(
        """action administration affection age agence appartement association attention augmentation avantage bandage batiment
        boulangerie brasserie candidature certification competence complement condition convention covoiturage decision
        declaration departement deplacement destination direction disposition document echange element emplacement engagement
        environnement epicerie equipement etablissement etage evolution exception experience exploitation fonction formation
        formations habilitation horaire image immersion indemnisation institution integration kilometrage librairie
        localisation logement lotissement majoration mention message metier mission moment motivation mutation mutuelle
        occasion option outillage ouverture page paiement parrainage partage participation passion patisserie personnage
        population possession precision prestation profession prolongation promotion qualification question recrutement region
        remuneration reunion rotation salarie section selection situation solution specialisation stage station supplement
        vacation validation version vetement village voyage"""
    ),
    finite=_fr_finite(_FR_HEADS),
    light=_words(
        """aide aider contribue contribuer contribuera contribuerez contribuez effectue effectuer effectuera effectuerez
        effectuez intervenir interviendrez participe participer participera participerez participez procede proceder procedera
        procederez procedez"""
    ),
    subjects=_words("elle elle/il il il/elle tu vous"),
    no_tasks=_words(
        """a agrandir aimes aimez allez appreciez as aspirez attendez aura aurez avez avoir beneficier beneficierez beneficiez
        bougez cherche cherches cherchez commencer commencerez commencez completer connaissez consultez contactez correspondez
        debuter debutez decouvrez demontrez dependez dependrez deplacerez deplacez desirez detenez devenez devenir devez
        deviendrez devoir devrez disposes disposez dois doit envisagez envoyez es est etes etre evoluerez evolues evoluez
        exerce exercerez exercez faites habites habitez imaginez integrer integrera integrerez integrez interviendrez
        justifiez obtenez obtenir obtiendrez occuperez occupez offrir parles parlez partir percevrez peut peux possedes
        possedez postuler postulez pourrez pouvez pouvoir preferez presentez profitez propose recevrez recherche recherches
        recherchez reconnaissez recrute rejoignez rejoindra rejoindre rejoindrez rejoins rejoint rencontrez rendez residez
        resterez restez reussir sais saurez savez sentez sera serez souhaite souhaites souhaitez travaille travaillerez
        travailles travaillez trouve trouverez trouvez venez venir veux vivez voulez"""
    ),
    leads=_words(", : ; a aimerez aimez d' de devez devrez et faire ou pour pourrez s' sachez sait saurez savez savoir se"),
    knowledge=_words(
        """bases connaissance connaissances connaissez connaitre maitrisant maitrise maitriser maitrisez notion notions"""
    ),
    capacity=_words(
        """aisance aptitude aptitudes capable capacite capacites competence competences facilite facilites qualite qualites"""
    ),
    experience=_words("experience experiences"),
    roles=_words(
        """charge chargee chargees charges fonction fonctions mission missions pour realisation responsable role tache taches"""
    ),
    attitudes=_words(
        """accueillant accueillante adaptabilite adaptable aimable amabilite ambitieuse ambitieux anticipation assidu assidue
        assiduite attentif attentive autonome autonomes autonomie avenant avenante bienveillance bienveillant bienveillante
        bricoleur combatif combative communicatif communicative confidentialite consciencieuse consciencieux convaincant
        convivialite courtois courtoise courtoisie creatif creative creativite curieuse curieux curiosite debrouillard
        debrouillarde determination determine determinee dexterite diplomate diplomatie discret discrete discretion dynamique
        dynamisme efficace efficacite elocution empathie empathique energique engagement enthousiasme enthousiaste fiabilite
        fiable flexibilite flexible habile honnete honnetete implication implique impliquee initiative initiatives investi
        investie loyal loyaute methodique minutie minutieuse minutieux motive motivee organise organisee patience patient
        patiente pedagogie pedagogue perseverance perseverant perseverante persuasif persuasive poli polie politesse
        polyvalence polyvalent polyvalente ponctualite ponctuel ponctuelle positif pro-actif pro-active proactif proactive
        proactivite reactif reactive reactivite relationnel respectueuse respectueux rigoureuse rigoureux rigueur serieuse
        serieux sociabilite sociable soigne soigneuse soigneux souriant souriante sourire structure structuree synthese tenace
        tenacite vigilance vigilant vigilante volontaire"""
    ),
    frames=pattern(
        r"(?:sens|esprit|gout|souci) (?:(?:de la |de l'|des |du |de |d'|pour la |pour le |pour les )[a-z]+(?: rendu| client)?"
        r"|critique|commercial|pratique|relationnel)",
        r"relationnel client",
        r"(?:presentation (?:soignee|irreprochable)|condition physique|contact humain|relations? humaines?|force de proposition)",
        r"(?:etre )?a l'ecoute(?: des? [a-z]+)?|l'ecoute active",
        r"a l'aise (?:avec|dans|en|au) (?:les? |la |l')?[a-z]+",
        r"(?:travail|travailler|travaillez) (?:en (?:equipe|autonomie|collaboration|binome|groupe)|sous pression|dans l'urgence)",
        r"(?:gestion|resistance|gerer|resister|resistante?) (?:du|au|le) stress",
        r"prises? d'initiatives?|relever (?:de |des |les )?(?:nouveaux )?(?:defis|challenges?)",
    ),
    not_near=_words(
        """ambiance cadre contrat entreprise environnement equipe equipes etablissement groupe horaire horaires marche patients
        planning remuneration salaire secteur societe structure univers"""
    ),
    infinitive=re.compile(r"[a-z-]{2,}(?:[^i]er|[^o]ir|uire|endre|ettre|crire)|(?:confi|copi|etudi|pli|publi|remedi|vari|rectifi|certifi|fluidifi)er"),
)
_NL_HEADS: Final = _words(
    """aanbrengen aanleggen aannemen aanrekenen aansluiten aansturen aanvullen adviseren afhandelen afleveren afnemen afronden
    afruimen afspreken afstellen afwassen analyseren assisteren beantwoorden bedienen begeleiden behandelen beheren bereiden
    bestellen besturen bewaken bewerken bezorgen bijhouden bijvullen boeken bouwen coachen communiceren configureren
    controleren coordineren dekken demonteren desinfecteren documenteren doen dragen dweilen fabriceren factureren frituren
    geven helpen herstellen implementeren informeren innen inpakken inscannen inschatten inschrijven installeren
    inventariseren klaarmaken klaarzetten klasseren knippen koken laden lassen leiden leveren lezen lijmen lossen maken
    meewerken mengen meten monteren motiveren nakijken nemen omgaan onderhandelen onderhouden ondersteunen onderzoeken
    onthalen ontvangen ontwerpen ontwikkelen opbouwen opdienen ophalen opladen opleiden oplossen opmaken opnemen opruimen
    opstellen optimaliseren opvangen opvolgen opzoeken orderpicken organiseren overleggen parkeren plaatsen plannen poetsen
    presenteren programmeren prospecteren rangschikken rapporteren registreren reinigen repareren samenwerken schilderen
    schoonmaken schrijven serveren signaleren slijpen snijden snoeien sorteren stapelen stellen stofzuigen strijken
    telefoneren tellen testen toedienen toepassen toezien trainen transporteren uitvoeren vegen verbeteren verhelpen verkopen
    verpakken verplaatsen vervangen verven vervoeren verwelkomen verwerken verzamelen verzenden verzorgen voeren voorbereiden
    voorstellen voorzien vouwen vullen wassen wegen werken zagen zorgen"""
)


def _nl_finite(heads: frozenset[str]) -> frozenset[str]:
    """Dutch verbs after "je": the stem with its long vowel, v as f and z as s, the separable part left out."""
    made = set()
    for verb in heads:
        whole = verb.removesuffix("en")
        for stem in {whole, _SEPARABLE.sub("", whole)}:
            if len(stem) > 2 and stem[-1] == stem[-2]:
                stem = stem[:-1]
            stem = stem[:-1] + {"v": "f", "z": "s"}.get(stem[-1:], stem[-1:])
            long = stem[:-1] + stem[-2] + stem[-1] if len(stem) > 2 and stem[-2] in "aeou" and stem[-3] not in "aeiou" else stem
            made |= {one if one.endswith("t") else one + "t" for one in (stem, long) if len(one) > 2}
    return frozenset(made)


_SEPARABLE: Final = re.compile(r"^(?:aan|af|bij|door|in|klaar|mee|na|om|onder|op|over|samen|schoon|stof|toe|uit|voor)(?=\w{3})")
_NL: Final = Grammar(
    little=_words(
        """aan algemene alle alles als andere ben bent beschikt bij bv daarnaast dagelijks dagelijkse dat de deze die dit diverse
        door een eigen en enige enkele er ev evenals eventueel goed goede grote haar heb hebt heeft hem het hun in is je jij
        jouw jullie kan kunnen kunt mee met minimaal naar of om ons onze ook op over regelmatig samen steeds sterk sterke te
        tot u uit uitstekende uw van verder verschillende vlot vlotte voor we wij wordt zal zeer zelf zich zijn zowel zult"""
    ),
    links=_words("van"),
    near=_words("aan met op voor"),
    stops=_words(
        """aan aangezien bij binnen conform dat die door gevraagd gewenst in is je jij maar met na naar noodzakelijk om omdat
        onder op pluspunt ter tijdens tot troef tussen u uit vanuit vereist via volgens voor waar waarbij wanneer we wij
        worden wordt zijn zoals zodat zonder"""
    ),
    coords=_words("alsook en en/of of"),
    heads=_NL_HEADS,
    actions=_NL_HEADS
    | _words(
        """aankoop administratie advies afwas bediening begeleiding beheer boekhouding controle facturatie herstel huishouding
        hulp installatie inventaris keukenwerk klantenservice levering logistiek montage onderhoud onthaal ontvangst
        ontwikkeling opbouw opvolging orderpicking organisatie plaatsing planning poets poetswerk poetswerken preventie
        reiniging schoonmaak stockbeheer strijk toezicht transport verkoop verpakking verwerking verzorging voorbereiding
        voorraadbeheer zorg"""
    ),
    endings=("ing",),
    no_actions=_words(
        """afdeling betaling beweging ding ervaring instelling omgeving onderneming opleiding ploeg regeling vereniging
        vergoeding verloning verzekering vestiging vorming woning"""
    ),
    finite=_nl_finite(_NL_HEADS),
    light=_words("help helpt instaat sta staat zorg zorgt"),
    subjects=_words("je jij u"),
    no_tasks=_words(
        """behaalde ben bent beschikt bezit bezorgt collega's cv de diploma een eigen functie gaat geniet hart heb hebt het hoeft
        in je job kan kent komt krijg krijgt kunt leert mag met moet ontvangt ook op profiel rapporteert rol solliciteert
        spreekt stuurt taken team vindt voor weet werkt wil wilt woont wordt zal zelf zo zoekt zult"""
    ),
    leads=_words(", : ; en kan kunnen kunt moet of om te zal"),
    knowledge=_words("basiskennis inzicht kennis kent noties productkennis vakkennis"),
    capacity=_words("staat vaardigheden vaardigheid vermogen"),
    experience=_words("ervaring handig overweg vertrouwd"),
    roles=_words("bestaat helpt instaan instaat staat taak taken verantwoordelijk voor zorgt"),
    attitudes=_words(
        """aanpassingsvermogen assertief behulpzaam beleefd beleefdheid betrouwbaar betrouwbaarheid commercieel communicatief
        contactvaardig creatief creativiteit daadkrachtig discreet discretie doorzettingsvermogen dynamisch eerlijk
        eerlijkheid empathie empathisch energiek enthousiasme enthousiast flexibel flexibiliteit gedreven geduld geduldig
        gemotiveerd georganiseerd gestructureerd handig hulpvaardig hygienisch inlevingsvermogen klantgericht klantgerichtheid
        klantvriendelijk klantvriendelijkheid leergierig leergierigheid motivatie nauwgezet nauwkeurig nauwkeurigheid
        nieuwsgierig oplossingsgericht ordelijk organisatietalent plichtsbewust polyvalent pro-actief proactief punctueel
        resultaatgericht rustig sociaal stipt stiptheid stressbestendig stressbestendigheid teamgeest teamplayer teamspeler
        teamwork veiligheidsbewust verantwoordelijkheidsgevoel verantwoordelijkheidszin vriendelijk vriendelijkheid
        zelfstandig zelfstandigheid zorgzaam"""
    ),
    frames=pattern(
        r"(?:zin|gevoel|oog|aandacht|passie|respect) voor (?:het |de )?[a-z]+",
        r"(?:zelfstandig|in team|in teamverband|in ploeg|nauwkeurig|onder druk|in groep)(?: (?:en|of) (?:zelfstandig|in team"
        r"|nauwkeurig|in ploeg))? (?:te |kunnen )?werken",
        r"(?:communicatieve|sociale|organisatorische|technische|digitale|administratieve) vaardigheden|klantgerichte? houding",
        r"verzorgd voorkomen|goede fysieke conditie|fysiek fit|zin voor initiatief",
    ),
    not_near=_words(
        """bedrijf contract omgeving onderneming organisatie ploeg sfeer team uren uurrooster verloning werkomgeving werksfeer"""
    ),
    verb_last=True,
    bare=True,
)
_EN_HEADS: Final = _words(
    """achieve adapt address administer advise analyse analyze answer apply approve arrange assemble assess assist attend audit
    automate book build calculate care carry cash check clean coach collaborate collect commission communicate compile
    complete conduct configure consult contact contribute control cook cooperate coordinate correct create cut deal debug
    define deliver deploy design detect determine develop diagnose direct discuss dispatch document draft drive edit encourage
    engage enhance ensure establish estimate evaluate examine execute explain facilitate file fix follow forecast gather
    generate greet guide handle help host identify implement improve increase influence inform inspect install integrate
    interact interpret investigate invoice iron issue keep label launch lay lead learn liaise lift listen load locate log
    maintain make manage measure meet mentor migrate modernise modernize monitor motivate move negotiate observe open operate
    optimise optimize order organise organize oversee own pack participate partner perform pick place plan polish position
    post prepare present print prioritise prioritize process procure produce program programme promote propose protect provide
    raise react receive recommend reconcile record recruit reduce refill register remove renew repair replace report research
    resolve respect respond restock review run safeguard scale scan schedule secure seek select sell serve set shape share
    ship solve sort specify staff stay steer stock streamline strengthen study supervise supply support sweep tailor take
    teach test tidy track train transform translate transport treat troubleshoot understand undertake unload unpack update use
    validate verify wash welcome weld work write"""
)


def _en_heads(verbs: frozenset[str]) -> frozenset[str]:
    """English verbs with their -ing, a silent e dropped and a short final consonant doubled."""
    stems = {verb.removesuffix("e") for verb in verbs}
    return verbs | {stem + "ing" for stem in stems} | {stem + stem[-1] + "ing" for stem in stems}


def _en_finite(heads: frozenset[str]) -> frozenset[str]:
    """English verbs in the third person."""
    made = set()
    for verb in heads:
        made |= {verb + "s", verb + "es"}
        made |= {verb[:-1] + "ies"} if verb.endswith("y") else set()
    return frozenset(made)


_EN: Final = Grammar(
    little=_words(
        """a about advanced all also an and any are as at basic be both broad by deep demonstrated eg etc excellent for from good
        great has have her his ie in including into is it its more of on one or other our prior proven solid some sound strong
        such that the their these this those to using various very we well who will with within working you your"""
    ),
    links=_words("of"),
    near=_words("for to with"),
    stops=_words(
        """across advantage are as asset at based because by can desired during equivalent essential for from i if in including
        into is it may must necessary on per plus preferably preferred required should similar so such that they through to
        under using via was we when where which while who will with within would you"""
    ),
    coords=_words("& and and/or as or"),
    heads=_en_heads(_EN_HEADS),
    actions=_words(
        """administration analysis assistance care cleaning coordination customer data delivery development documentation
        implementation installation inventory invoicing maintenance management modelling planning preparation production
        reporting sales scheduling supervision testing troubleshooting"""
    ),
    endings=("ing", "ation"),
    no_actions=_words(
        """becoming being building corporation during evening exciting following growing including interesting joining leading
        location looking morning nothing offering organisation organization outstanding seeking something thing training
        working"""
    ),
    finite=_en_finite(_EN_HEADS),
    light=_words("assist assisting contribute help helping participate participating"),
    subjects=_words("ll will you"),
    no_tasks=_words(
        """a also and are be become bring can enjoy feel find get grow have hold join know like live ll look love may must need
        not possess receive see should speak the thrive want will would"""
    ),
    leads=_words(", : ; and by can for in include includes including involve involves of or to will"),
    knowledge=frozenset(),
    capacity=_words("ability able capable capacity skilled"),
    experience=_words(
        """awareness background command competency competent experience experienced expert expertise familiar familiarity fluent
        grasp knowledge proficiency proficient skills understanding user"""
    ),
    roles=_words("charge include includes involve involves responsibilities responsibility responsible role tasks"),
    attitudes=_words(
        """accuracy accurate adaptability adaptable ambitious analytical attentive autonomous autonomy communicative
        conscientious courteous creative creativity curious dependable detail-oriented discreet discretion empathetic empathy
        energetic enthusiasm enthusiastic flexibility flexible friendly hard-working hardworking honest honesty independence
        innovative leadership meticulous motivated motivation numerate organised organized outgoing patience patient polite
        proactive punctual punctuality reliability reliable resourceful rigorous self-motivated self-starter solution-oriented
        teamwork trustworthy versatile"""
    ),
    frames=pattern(
        r"(?:sense of|attention to|eye for|passion for|passionate about) [a-z]+",
        r"team (?:player|spirit|work)",
        r"(?:work|working) (?:in (?:a |an )?(?:[a-z]+ )?teams?|independently|autonomously|under pressure|as part of a team)",
        r"(?:communication|communicative|interpersonal|organi[sz]ational|analytical|presentation|leadership|management"
        r"|project management|writing|collaboration|problem[- ]solving|technical|social|computer|people|listening|it"
        r"|negotiation) (?:skills?|abilities)",
        r"problem[- ]solving|customer[- ](?:oriented|focus|focused|service)|(?:proactive|growth|analytical) mindset",
    ),
    not_near=_words(
        """atmosphere company contract culture environment hours organisation organization salary startup team workplace"""
    ),
    bare=True,
)
GRAMMARS: Final[Mapping[str, Grammar]] = {"fr": _FR, "nl": _NL, "en": _EN}


def begins_list(grammar: Grammar, front: str) -> bool:
    """Whether a line without a bullet reads as one of a list: it begins with a task, a thing to know or an attitude."""
    parts = re.findall(r"[^\W_]+'?", front[:200])
    first = next((word for word in parts if word not in grammar.little or word in grammar.stops), "")
    g = grammar
    tables = (g.heads, g.finite, g.actions, g.knowledge, g.capacity, g.experience, g.attitudes)
    return any(first in table for table in tables) or (first.endswith(grammar.endings) and first not in grammar.no_actions)
