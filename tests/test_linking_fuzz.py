"""Any text of any length in any script gets an answer or one clear error: 100,000 of them."""

import random

import pytest

from matching.classifications import build_taxonomy, read_starter
from matching.linking import MOST_BYTES, Codes
from matching.records import DataError
from models.linker_file import load as load_linker

SCRIPTS = [(0x20, 0x7E), (0xC0, 0x24F), (0x370, 0x52F), (0x590, 0x6FF), (0x900, 0x97F), (0x3040, 0x30FF), (0x4E00, 0x9FFF)]
SCRIPTS += [(0x1F300, 0x1F64F), (0x0, 0x1F), (0x2000, 0x206F), (0x300, 0x36F), (0xD7A4, 0xD7FF), (0xE000, 0xE0FF)]
WORDS = "kok serveur/serveuse (h/f/x) magazijnier 38u C++ //// ((( [[ ·e · .trice -drh- à te Brussel 20 % c#".split(" ")
WORDS += ["\u202e", "\x00", "e\u0301\u0300"]


def written(generator: random.Random) -> str:
    """Write one text: letters of a script, words of titles, or both; now and then very long."""
    length = generator.choice([0, 1, 2, 5, 12, 30, 80, 80, 300])
    if generator.random() < 0.003:
        length = generator.choice([3_000, 9_999, 12_000])
    low, high = generator.choice(SCRIPTS)
    if generator.random() < 0.5:
        return "".join(chr(generator.randint(low, high)) for _ in range(length))
    known = [generator.random() < 0.8 for _ in range(length // 4)]
    pieces = [generator.choice(WORDS) if one else chr(generator.randint(low, high)) for one in known]
    return generator.choice(["", " ", "/"]).join(pieces)


@pytest.mark.slow
def test_a_hundred_thousand_texts() -> None:
    generator = random.Random(20261122)  # noqa: S311 - not a secret
    codes = Codes(build_taxonomy({"starter": read_starter()[0]}), load_linker())
    refused = 0
    for at in range(0, 100_000, 500):
        texts = [written(generator) for _ in range(500)]
        linker = codes.linkers["occupation" if at % 1000 else "competence"]
        lang = generator.choice(["fr", "nl", "en", None, "xx"])
        short = [text for text in texts if len(text.encode("utf-8", "replace")) <= MOST_BYTES]
        for text in texts:
            if len(text.encode("utf-8", "replace")) > MOST_BYTES:
                with pytest.raises(DataError, match="too_long"):
                    linker.rank(text, lang)
                refused += 1
        answers = linker.rank_many(short, lang, 3)
        assert len(answers) == len(short)
        assert all(0 <= link.score <= 1 for links in answers for link in links)
        assert all(links == sorted(links, key=lambda link: -link.score) for links in answers)
    assert refused
