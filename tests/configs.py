"""Configurations of runs for tests."""

import json
from typing import Any, Literal

from pai_report.run.model import Config


def config(origin: Literal["config", "script"] = "config", **settings: Any) -> Config:
    """A configuration with these settings; None leaves one out."""
    written = tuple((name, json.dumps(setting)) for name, setting in settings.items() if setting is not None)
    return Config(file="PAI_config.json" if origin == "config" else "train.py", origin=origin, settings=written)
