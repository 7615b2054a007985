"""What a user's own score column holds, told by its name (rules D1)."""

from typing import Literal

Role = Literal["train", "test", "other"]


def role(name: str) -> Role:
    """Train or test where the name contains the word, whatever the case; the user chose the name freely."""
    lower = name.lower()
    if "train" in lower:
        return "train"
    return "test" if "test" in lower else "other"
