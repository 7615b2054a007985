"""Which folders in a store may hold runs, from its listing alone: a night without changes downloads nothing.

What the store says of an object stands for its content here, and is only a first filter: where it changed, the folder is
downloaded and its content decides, so that a file which was merely written again renders nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from pai_report.batch.address import Address
from pai_report.batch.conditions import digest_of
from pai_report.batch.names import shown
from pai_report.batch.survey import Place, holds_table, is_read
from pai_report.run.config_file import STRAY

Listing = Mapping[str, Mapping[str, Any]]  # what the store says of each object, by its name in the folder
_CHECKSUMS = ("ETag", "etag", "md5Hash", "checksum", "VersionId")
_TIMES = ("LastModified", "last_modified", "mtime", "modified", "created")


class StoreSource:
    """Runs below a folder of a store. The URL `avoided` is no part of them."""

    def __init__(self, at: Address, avoided: str) -> None:
        self.root = at.url
        self._at = at
        self._avoided = avoided.removeprefix(at.url).strip("/") if avoided.startswith(f"{at.url}/") else None

    def survey(self) -> Iterator[Place]:
        """Every folder with a table named as the library names them, in the order of names; hidden ones are left out."""
        folders = self._folders()
        for name in sorted(folders):
            if holds_table(folders[name]):
                at = self._at / name if name else self._at
                digest = listing_digest(folders[name], _stray_info(name, folders) if name else stray(at).info())
                yield Place(path=at.url, shown=shown(name), digest=digest)

    def _folders(self) -> dict[str, dict[str, Mapping[str, Any]]]:
        """What lies in each folder. A store without folders lists none that is empty."""
        folders: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
        for path, info in self._at.files().items():
            folder, _, name = path.rpartition("/")
            if not self._is_avoided(folder):
                folders[folder][name] = info
        return folders

    def _is_avoided(self, folder: str) -> bool:
        hidden = any(part.startswith(".") for part in folder.split("/"))
        return hidden or (self._avoided is not None and f"{folder}/".startswith(f"{self._avoided}/"))


def listing_digest(files: Listing, stray: Mapping[str, Any] | None) -> str:
    """Digest of what a store says of the files in a folder; of those that no report shows, their names only."""
    return digest_of(
        [(name, _identity(info) if is_read(name) else "") for name, info in sorted(files.items())],
        _identity(stray) if stray else "",
    )


def stray(folder: Address) -> Address:
    """Where old versions of the library leave the configuration of a run in `folder`: in a folder PAI beside it."""
    url, path = folder.url.rpartition("/")[0], folder.path.rpartition("/")[0]
    return Address(url=url, fs=folder.fs, path=path) / f"PAI/{STRAY}"


def _stray_info(name: str, folders: Mapping[str, Listing]) -> Mapping[str, Any] | None:
    """What the listing says of that configuration for the folder `name`."""
    above = name.rpartition("/")[0]
    return folders.get(f"{above}/PAI" if above else "PAI", {}).get(STRAY)


def _identity(info: Mapping[str, Any]) -> str:
    """What changes with the content of an object: its checksum, else its times, both with its size.

    Where a store tells neither, nothing is known, and the folder is looked into every night.
    """
    for names in (_CHECKSUMS, _TIMES):
        told = [f"{name}={info[name]}" for name in names if info.get(name) is not None]
        if told:
            return " ".join((str(info.get("size")), *told))
    return uuid4().hex
