"""LINK Match: the matching engine and its doors."""

import hashlib
import os
from pathlib import Path


def _cache_by_source() -> None:
    """Keep numba's compiled code in a folder named after the sources it was compiled from.

    Numba's own cache looks at the file of a function only, and would go on using inlined code of another changed file.
    """
    here = Path(__file__).parent
    sources = [here / "codes.py", here / "rules.py", here / "kernel.py", *sorted(here.glob("comparisons/*.py"))]
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    os.environ.setdefault("NUMBA_CACHE_DIR", str(home / "linkmatch" / f"compiled-{digest}"))


_cache_by_source()
