"""Code lists: every closed set of values a record may hold, with its words in French, Dutch and English."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

LANGUAGES_OF_SERVICE: Final = ("fr", "nl", "en")

Words = Mapping[str, tuple[str, str, str]]
"""Words of a code list: code -> (French, Dutch, English)."""


class Kind(StrEnum):
    """What an offer proposes; each kind has its own ranked list."""

    VACANCY = "vacancy"
    TRAINING = "training"
    WORK_EXPERIENCE = "work_experience"
    SOCIAL_EMPLOYMENT = "social_employment"
    CARE_THROUGH_WORK = "care_through_work"
    ORIENTATION = "orientation"
    SUPPORT = "support"


class Requirement(StrEnum):
    """How strongly an offer asks for something."""

    MANDATORY = "mandatory"
    STRONG = "strong"
    DESIRED = "desired"


class Level(StrEnum):
    """Level of a language: CEFR, with an explicit ``none`` for a person who does not know it."""

    NONE = "none"
    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


class SkillLevel(StrEnum):
    """How well a person masters a competence; recorded for the consultant, not scored."""

    BASIC = "basic"
    INDEPENDENT = "independent"
    EXPERT = "expert"


class Acquired(StrEnum):
    """Where a competence was acquired."""

    WORK = "work"
    TRAINING = "training"
    EDUCATION = "education"
    INFORMAL = "informal"


class Mode(StrEnum):
    """A way to travel."""

    PUBLIC_TRANSPORT = "public_transport"
    BICYCLE = "bicycle"
    CAR = "car"
    FOOT = "foot"


class Shift(StrEnum):
    """A part of the day in which work is done."""

    DAY = "day"
    EARLY = "early"
    LATE = "late"
    NIGHT = "night"
    SPLIT = "split"


class Day(StrEnum):
    """A day of the week."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class Contract(StrEnum):
    """Kind of contract."""

    PERMANENT = "permanent"
    FIXED_TERM = "fixed_term"
    INTERIM = "interim"
    REPLACEMENT = "replacement"
    FLEXI = "flexi"
    STUDENT = "student"
    SELF_EMPLOYED = "self_employed"


class DrivingLicence(StrEnum):
    """EU driving licence category."""

    AM = "AM"
    A = "A"
    B = "B"
    BE = "BE"
    C1 = "C1"
    C = "C"
    CE = "CE"
    D1 = "D1"
    D = "D"
    G = "G"


class Certificate(StrEnum):
    """A certificate that Belgian law or practice asks for some work."""

    CODE_95 = "code_95"
    ADR = "adr"
    FORKLIFT = "forklift"
    VCA = "vca"
    BA4_BA5 = "ba4_ba5"
    SECURITY_CARD = "security_card"
    HEALTH_VISA = "health_visa"
    CARE_REGISTRATION = "care_registration"
    TEACHING_DIPLOMA = "teaching_diploma"
    FIRST_AID = "first_aid"
    TAXI_PERMIT = "taxi_permit"
    GOOD_CONDUCT = "good_conduct"


class Limit(StrEnum):
    """A limit that a person may choose to move; it has a price."""

    MINUTES = "minutes"
    HOURS = "hours"
    SHIFTS = "shifts"
    DAYS = "days"
    CONTRACT = "contract"
    START = "start"


class SourceKind(StrEnum):
    """First-line organisation that hands a person to LINK."""

    OCMW = "ocmw"
    BRUXELLES_FORMATION = "bruxelles_formation"
    ACTIRIS_AGENCY = "actiris_agency"


class Event(StrEnum):
    """What became of a suggestion, or of a profile's guidance."""

    SEEN = "seen"
    PROPOSED = "proposed"
    DECLINED = "declined"
    APPLIED = "applied"
    INTERVIEWED = "interviewed"
    REFUSED = "refused"
    HIRED = "hired"
    IN_WORK_1M = "in_work_1m"
    IN_WORK_3M = "in_work_3m"
    IN_WORK_6M = "in_work_6m"
    LEFT = "left"
    HANDED_OVER = "handed_over"
    GUIDANCE_ENDED = "guidance_ended"


class Role(StrEnum):
    """Who calls the service; decides what may be read."""

    CONSULTANT = "consultant"
    RECRUITER = "recruiter"
    EVALUATOR = "evaluator"
    PARTNER = "partner"
    ADMIN = "admin"


class Topic(StrEnum):
    """What running text can say something about."""

    COMPETENCES = "competences"
    LANGUAGES = "languages"
    DRIVING_LICENCES = "drivingLicences"
    CERTIFICATES = "certificates"
    HOURS = "hours"
    SHIFTS = "shifts"
    DAYS = "days"
    CONTRACT = "contract"
    EXPERIENCE = "experienceMonths"
    EDUCATION = "education"


KIND_WORDS: Final[Words] = {
    "vacancy": ("offre d'emploi", "vacature", "vacancy"),
    "training": ("formation", "opleiding", "training"),
    "work_experience": ("expérience professionnelle", "werkervaring", "work experience"),
    "social_employment": ("emploi d'économie sociale", "sociale tewerkstelling", "social employment"),
    "care_through_work": ("accompagnement par le travail", "arbeidszorg", "care through work"),
    "orientation": ("orientation", "oriëntatie", "orientation"),
    "support": ("accompagnement", "begeleiding", "support"),
}
REQUIREMENT_WORDS: Final[Words] = {
    "mandatory": ("exigé", "vereist", "required"),
    "strong": ("important", "belangrijk", "important"),
    "desired": ("souhaité", "gewenst", "desired"),
}
LEVEL_WORDS: Final[Words] = {
    "none": ("aucune connaissance", "geen kennis", "no knowledge"),
    **{level: (level, level, level) for level in ("A1", "A2", "B1", "B2", "C1", "C2")},
}
SKILL_LEVEL_WORDS: Final[Words] = {
    "basic": ("de base", "basis", "basic"),
    "independent": ("autonome", "zelfstandig", "independent"),
    "expert": ("expert", "expert", "expert"),
}
ACQUIRED_WORDS: Final[Words] = {
    "work": ("au travail", "op het werk", "at work"),
    "training": ("en formation", "in een opleiding", "in training"),
    "education": ("à l'école", "op school", "in education"),
    "informal": ("dans la vie quotidienne", "in het dagelijks leven", "in daily life"),
}
MODE_WORDS: Final[Words] = {
    "public_transport": ("transports publics", "openbaar vervoer", "public transport"),
    "bicycle": ("vélo", "fiets", "bicycle"),
    "car": ("voiture", "auto", "car"),
    "foot": ("à pied", "te voet", "on foot"),
}
SHIFT_WORDS: Final[Words] = {
    "day": ("en journée", "overdag", "daytime"),
    "early": ("tôt le matin", "vroege ploeg", "early morning"),
    "late": ("le soir", "late ploeg", "evening"),
    "night": ("la nuit", "nacht", "night"),
    "split": ("horaire coupé", "onderbroken dienst", "split shift"),
}
DAY_WORDS: Final[Words] = {
    "mon": ("lundi", "maandag", "Monday"),
    "tue": ("mardi", "dinsdag", "Tuesday"),
    "wed": ("mercredi", "woensdag", "Wednesday"),
    "thu": ("jeudi", "donderdag", "Thursday"),
    "fri": ("vendredi", "vrijdag", "Friday"),
    "sat": ("samedi", "zaterdag", "Saturday"),
    "sun": ("dimanche", "zondag", "Sunday"),
}
CONTRACT_WORDS: Final[Words] = {
    "permanent": ("durée indéterminée", "onbepaalde duur", "permanent"),
    "fixed_term": ("durée déterminée", "bepaalde duur", "fixed term"),
    "interim": ("intérim", "uitzendarbeid", "temporary agency work"),
    "replacement": ("remplacement", "vervanging", "replacement"),
    "flexi": ("flexi-job", "flexi-job", "flexi-job"),
    "student": ("étudiant", "studentenjob", "student job"),
    "self_employed": ("indépendant", "zelfstandig", "self-employed"),
}
DRIVING_LICENCE_WORDS: Final[Words] = {
    code.value: (f"permis {code}", f"rijbewijs {code}", f"driving licence {code}") for code in DrivingLicence
}
CERTIFICATE_WORDS: Final[Words] = {
    "code_95": ("code 95 (aptitude professionnelle)", "code 95 (vakbekwaamheid)", "code 95 (driver competence)"),
    "adr": ("certificat ADR", "ADR-attest", "ADR certificate"),
    "forklift": ("brevet de cariste", "heftruckattest", "forklift certificate"),
    "vca": ("certificat VCA", "VCA-attest", "VCA safety certificate"),
    "ba4_ba5": ("habilitation BA4/BA5", "attest BA4/BA5", "BA4/BA5 electrical certificate"),
    "security_card": ("carte d'identification de gardiennage", "identificatiekaart bewaking", "security guard card"),
    "health_visa": ("visa de santé", "visum gezondheidszorg", "health care visa"),
    "care_registration": ("enregistrement d'aide-soignant", "registratie als zorgkundige", "care assistant registration"),
    "teaching_diploma": ("titre pédagogique", "pedagogisch bewijs", "teaching qualification"),
    "first_aid": ("brevet de secourisme", "EHBO-attest", "first aid certificate"),
    "taxi_permit": ("certificat de capacité taxi", "bekwaamheidsattest taxi", "taxi driver permit"),
    "good_conduct": ("extrait de casier judiciaire", "uittreksel uit het strafregister", "criminal record extract"),
}
LIMIT_WORDS: Final[Words] = {
    "minutes": ("durée du trajet", "reistijd", "travel time"),
    "hours": ("heures par semaine", "uren per week", "hours per week"),
    "shifts": ("horaires", "uurroosters", "shifts"),
    "days": ("jours de travail", "werkdagen", "working days"),
    "contract": ("type de contrat", "soort contract", "kind of contract"),
    "start": ("date de début", "startdatum", "start date"),
}
TOPIC_WORDS: Final[Words] = {
    "competences": ("compétence", "competentie", "competence"),
    "languages": ("langue", "taal", "language"),
    "drivingLicences": ("permis de conduire", "rijbewijs", "driving licence"),
    "certificates": ("brevet", "attest", "certificate"),
    "hours": ("heures par semaine", "uren per week", "hours per week"),
    "shifts": ("horaire", "uurrooster", "shift"),
    "days": ("jour de travail", "werkdag", "working day"),
    "contract": ("contrat", "contract", "contract"),
    "experienceMonths": ("expérience", "ervaring", "experience"),
    "education": ("niveau d'études", "opleidingsniveau", "education"),
}
SOURCE_WORDS: Final[Words] = {
    "ocmw": ("CPAS", "OCMW", "OCMW/CPAS"),
    "bruxelles_formation": ("Bruxelles Formation", "Bruxelles Formation", "Bruxelles Formation"),
    "actiris_agency": ("antenne Actiris", "Actiris-antenne", "Actiris agency"),
}
EVENT_WORDS: Final[Words] = {
    "seen": ("vu", "gezien", "seen"),
    "proposed": ("proposé", "voorgesteld", "proposed"),
    "declined": ("décliné par la personne", "door de persoon afgewezen", "declined by the person"),
    "applied": ("candidature envoyée", "gesolliciteerd", "applied"),
    "interviewed": ("entretien d'embauche", "sollicitatiegesprek", "interviewed"),
    "refused": ("refusé par l'employeur", "geweigerd door de werkgever", "refused by the employer"),
    "hired": ("engagé", "aangeworven", "hired"),
    "in_work_1m": ("en emploi après 1 mois", "aan het werk na 1 maand", "in work after 1 month"),
    "in_work_3m": ("en emploi après 3 mois", "aan het werk na 3 maanden", "in work after 3 months"),
    "in_work_6m": ("en emploi après 6 mois", "aan het werk na 6 maanden", "in work after 6 months"),
    "left": ("a quitté l'emploi", "heeft het werk verlaten", "left the job"),
    "handed_over": ("transmis aux antennes", "overgedragen aan de antennes", "handed over"),
    "guidance_ended": ("accompagnement terminé", "begeleiding beëindigd", "guidance ended"),
}
LANGUAGE_WORDS: Final[Words] = {
    "fr": ("français", "Frans", "French"),
    "nl": ("néerlandais", "Nederlands", "Dutch"),
    "en": ("anglais", "Engels", "English"),
    "de": ("allemand", "Duits", "German"),
    "ar": ("arabe", "Arabisch", "Arabic"),
    "tr": ("turc", "Turks", "Turkish"),
    "es": ("espagnol", "Spaans", "Spanish"),
    "it": ("italien", "Italiaans", "Italian"),
    "pt": ("portugais", "Portugees", "Portuguese"),
    "ro": ("roumain", "Roemeens", "Romanian"),
    "pl": ("polonais", "Pools", "Polish"),
    "bg": ("bulgare", "Bulgaars", "Bulgarian"),
    "ru": ("russe", "Russisch", "Russian"),
    "uk": ("ukrainien", "Oekraïens", "Ukrainian"),
    "sq": ("albanais", "Albanees", "Albanian"),
    "el": ("grec", "Grieks", "Greek"),
    "fa": ("persan", "Perzisch", "Persian"),
    "ps": ("pachto", "Pasjtoe", "Pashto"),
    "ku": ("kurde", "Koerdisch", "Kurdish"),
    "ln": ("lingala", "Lingala", "Lingala"),
    "sw": ("swahili", "Swahili", "Swahili"),
    "ff": ("peul", "Fula", "Fula"),
    "wo": ("wolof", "Wolof", "Wolof"),
    "so": ("somali", "Somalisch", "Somali"),
    "ti": ("tigrigna", "Tigrinya", "Tigrinya"),
    "am": ("amharique", "Amhaars", "Amharic"),
    "zh": ("chinois", "Chinees", "Chinese"),
    "ja": ("japonais", "Japans", "Japanese"),
    "hi": ("hindi", "Hindi", "Hindi"),
    "ur": ("ourdou", "Urdu", "Urdu"),
    "bn": ("bengali", "Bengaals", "Bengali"),
    "ne": ("népalais", "Nepalees", "Nepali"),
    "vi": ("vietnamien", "Vietnamees", "Vietnamese"),
    "th": ("thaï", "Thai", "Thai"),
    "tl": ("tagalog", "Tagalog", "Tagalog"),
    "hu": ("hongrois", "Hongaars", "Hungarian"),
    "cs": ("tchèque", "Tsjechisch", "Czech"),
    "sk": ("slovaque", "Slowaaks", "Slovak"),
    "sr": ("serbe", "Servisch", "Serbian"),
    "hr": ("croate", "Kroatisch", "Croatian"),
    "bs": ("bosnien", "Bosnisch", "Bosnian"),
    "mk": ("macédonien", "Macedonisch", "Macedonian"),
    "hy": ("arménien", "Armeens", "Armenian"),
    "ka": ("géorgien", "Georgisch", "Georgian"),
    "he": ("hébreu", "Hebreeuws", "Hebrew"),
    "lb": ("luxembourgeois", "Luxemburgs", "Luxembourgish"),
    "sv": ("suédois", "Zweeds", "Swedish"),
    "da": ("danois", "Deens", "Danish"),
    "fi": ("finnois", "Fins", "Finnish"),
    "rw": ("kinyarwanda", "Kinyarwanda", "Kinyarwanda"),
}

CODE_LISTS: Final[Mapping[str, Words]] = {
    "kinds": KIND_WORDS,
    "requirements": REQUIREMENT_WORDS,
    "levels": LEVEL_WORDS,
    "skillLevels": SKILL_LEVEL_WORDS,
    "acquired": ACQUIRED_WORDS,
    "modes": MODE_WORDS,
    "shifts": SHIFT_WORDS,
    "days": DAY_WORDS,
    "contracts": CONTRACT_WORDS,
    "drivingLicences": DRIVING_LICENCE_WORDS,
    "certificates": CERTIFICATE_WORDS,
    "limits": LIMIT_WORDS,
    "topics": TOPIC_WORDS,
    "sources": SOURCE_WORDS,
    "events": EVENT_WORDS,
    "languages": LANGUAGE_WORDS,
}


def word(words: Words, code: str, lang: str) -> str:
    """Say one code in one language; a code without words is said as it is.

    >>> word(SHIFT_WORDS, "night", "nl")
    'nacht'
    """
    return words[code][LANGUAGES_OF_SERVICE.index(lang)] if code in words else code


def join(parts: list[str], lang: str, last: str = "and") -> str:
    """Join phrases as a sentence does ("a, b and c"); ``last`` is ``and`` or ``or``.

    >>> join(["a", "b", "c"], "fr")
    'a, b et c'
    """
    between = {"and": ("et", "en", "and"), "or": ("ou", "of", "or")}[last][LANGUAGES_OF_SERVICE.index(lang)]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {between} {parts[-1]}" if parts else ""


ISO_639_1: Final = frozenset(
    (
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee "
        "el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is "
        "it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms "
        "mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk "
        "sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi "
        "yo za zh zu"
    ).split()
)
