"""What a text says about one thing, and where: `Finding`."""

from dataclasses import dataclass

from matching.codes import Level, Requirement


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a text says, and where.

    Parameters
    ----------
    field
        What it is about: ``competences``, ``languages``, ``drivingLicences``, ``certificates``, ``hours``, ``shifts``, ``days``,
        ``contract``, ``experienceMonths`` or ``education``.
    start, end
        The words: characters ``start:end`` of the text.
    code
        URI of a competence, or the code of a language, licence, certificate, shift, day or contract.
    level
        CEFR level of a language; ``None`` when the text names none.
    requirement
        How strongly it is asked; ``None`` when the text does not say.
    asked
        False: the text says that it is not asked, or not so.
    least, most
        Hours per week, months of experience, or the EQF level (`least` alone).
    sure, score
        Of a competence: whether its link is sure, and the link's score.
    """

    field: str
    start: int
    end: int
    code: str | None = None
    level: Level | None = None
    requirement: Requirement | None = None
    asked: bool = True
    least: float | None = None
    most: float | None = None
    sure: bool = True
    score: float | None = None
