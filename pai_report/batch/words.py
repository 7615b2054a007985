"""Words that the index, the digest and the command line share."""

VERDICTS = {  # the codes of `report.json` in words
    "invalid": "scores not usable",
    "capacity-test": "no experiment",
    "never-attempted": "no dendrites tried",
    "tried-none-kept": "no dendrites kept",
    "incomplete": "incomplete",
    "confounded": "still learning",
    "worse": "worse",
    "within-noise": "within noise",
    "unstable": "too unstable to tell",
    "improved": "improved",
}


def verdict_words(code: str) -> str:
    """A verdict in two or three words."""
    return VERDICTS.get(code, code)


def counted(count: int, noun: str) -> str:
    """A count with its noun: "1 run", "1,000 runs"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
