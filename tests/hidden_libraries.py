"""A machine without libraries that this one has: the loader meets a file that is none under their names."""

import os
from pathlib import Path

from pai_report.machine import LIBRARIES

PANGO, PANGOFT2, HARFBUZZ_SUBSET = (library.loaded for library in LIBRARIES)


def without(folder: Path, *names: str) -> dict[str, str]:
    """The environment of a process that cannot load the libraries `names`; their stand-ins go into `folder`."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text("not a library\n" * 100)  # long enough to be looked at
    return {"LD_LIBRARY_PATH": f"{folder}{os.pathsep}{os.environ.get('LD_LIBRARY_PATH', '')}"}
