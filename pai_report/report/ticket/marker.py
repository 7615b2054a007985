"""The stable id of a run's comment, by which a bot finds the comment to replace."""

import hashlib
import json

from pai_report.analysis.model import Analysis

# What a run has from its first epoch to its last. Not its length, its best scores, its snapshots or its folder, which change
# while it goes on or is moved; not the version of pai-report either.
SETTINGS = (
    "switch_mode",
    "n_epochs_to_switch",
    "fixed_switch_num",
    "first_fixed_switch_num",
    "improvement_threshold",
    "max_dendrites",
    "max_dendrite_tries",
    "find_best_lr",
    "candidate_weight_initialization_multiplier",
)


def marker(analysis: Analysis) -> str:
    """The id, "pai-report:" and 16 hexadecimal digits: of the save name, the score of epoch 0 and the run's own settings.

    Another seed, network or setting gives another id, also under the same save name; the same script with the same seed
    gives the same one. Settings count only where the run's config file holds them.
    """
    validation = analysis.track.validation
    known = {held.name: held.value for held in analysis.identity.settings if held.origin == "config"}
    parts = [analysis.identity.save_name, validation[0] if validation else None, [known.get(name) for name in SETTINGS]]
    return f"pai-report:{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]}"
