"""What each place takes, and whether a bundle fits: sizes checked here, the places' own words for them in the sources."""

from collections.abc import Iterable, Mapping

from pai_report.bundle.contents import COMMENTS
from pai_report.report.ticket.flavours import Flavour
from pai_report.values import value

MB = 1_000_000


@value
class Place:
    """A tracker: `characters` of one comment, bytes of one `picture` and of any `other` file."""

    name: str
    flavour: Flavour
    characters: int
    picture: int
    other: int


GITHUB = Place(  # docs.github.com, "Attaching files"; the comment's limit is in the error that the API gives
    name="GitHub", flavour="github", characters=65_536, picture=10 * MB, other=25 * MB
)
GITLAB = Place(  # docs.gitlab.com, "Application limits" and the default of the largest attachment
    name="GitLab", flavour="gitlab", characters=1_000_000, picture=100 * MB, other=100 * MB
)
JIRA = Place(  # jira.text.field.character.limit and webwork.multipart.maxSize of Jira Data Center; its Cloud allows more
    name="Jira", flavour="jira", characters=32_767, picture=10 * MB, other=10 * MB
)


def fitting(place: Place, files: Mapping[str, bytes], names: Iterable[str]) -> tuple[str, ...]:
    """Those of `names` that are in the bundle and not too large for `place`."""
    return tuple(name for name in names if name in files and len(files[name]) <= _most(place, name))


def sizes(place: Place, files: Mapping[str, bytes], names: Iterable[str]) -> str:
    """The sizes of the comment and of the files `names` against what `place` takes, in words."""
    comment = COMMENTS[place.flavour]
    length = len(files[comment].decode())
    told = [f"{comment} {length:,} of {place.characters:,} characters"]
    return "; ".join([*told, *(_size(place, name, files[name]) for name in names if name in files)])


def _size(place: Place, name: str, data: bytes) -> str:
    most = _most(place, name)
    words = f"{name} {len(data) / MB:.2f} of {most // MB} MB"
    return words if len(data) <= most else f"{words}, too large: left out"


def _most(place: Place, name: str) -> int:
    return place.picture if name.endswith(".png") else place.other
