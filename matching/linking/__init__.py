"""Text -> concepts: titles, names of competences, codes; see `matching.linking.linker`."""

from matching.linking.fusion import Link
from matching.linking.linker import MOST_BYTES, Codes, ConceptLinker
from matching.linking.ranker import Ranker

__all__ = ["MOST_BYTES", "Codes", "ConceptLinker", "Link", "Ranker"]
