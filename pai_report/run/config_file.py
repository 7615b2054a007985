"""Finds the configuration that belongs to a run."""

import json
from pathlib import Path

from pai_report.run.access import UnreadError, megabytes, read_file
from pai_report.run.config import read_config
from pai_report.run.folder import Folder
from pai_report.run.model import Config, Content

# Versions 3.1.4 to 3.2.0 write here whatever the save name is; the save name inside is the run's (tried with both).
STRAY = "PAI_config.json"


def own_config(name: str, folder: Folder) -> Config | None:
    """The settings in the run's own configuration file `name`."""
    data = folder.read(name)
    return None if data is None else read_config(name, data, folder.ledger)


def stray_config(save_name: str, folder: Folder) -> tuple[Config, Content] | None:
    """The settings in a `PAI_config.json` beside the run's files or in the folder `PAI` beside theirs, if they are its own.

    Another run's settings would be worse than none, so that the `save_name` in it must be this run's.
    """
    for place, shown in ((folder.path, STRAY), (folder.path.parent / "PAI", f"PAI/{STRAY}")):
        data = _content(place / STRAY, folder, shown)
        config = None if data is None else read_config(shown, data, folder.ledger)
        if config is None or data is None:
            continue
        if dict(config.settings).get("save_name") == json.dumps(save_name):
            folder.ledger.note("config-elsewhere", "Used: it names the save name of this run.", shown)
            return config, Content(name=shown, kind="config", data=data)
        folder.ledger.note("other-config", "Not used: it names another save name.", shown)
    return None


def _content(path: Path, folder: Folder, shown: str) -> bytes | None:
    """The content of a configuration, which may lie in the folder beside the run's; None, with a note, where it is not read."""
    root = None if folder.settings.follow_links else folder.path.parent
    if not path.exists():
        return None
    try:
        return read_file(path, megabytes(folder.settings.limits.small_size, "small_size"), root)
    except UnreadError as error:
        folder.ledger.note(error.slug, error.text, shown)
        return None
