"""Folders that lie in a store instead of on a disk: the only module that knows fsspec, and every way in which a store fails.

A store is anything that fsspec speaks to (s3://bucket/prefix, memory://runs). Folders of this machine have an address too, so
that a worker elsewhere can be asked whether it sees the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

from pai_report.errors import ExpectedError
from pai_report.values import value

INSTALL = "Install it: pip install s3fs brings what s3:// needs; other stores have a package of their own."


def is_url(text: str) -> bool:
    """Whether `text` names a place in a store and no path of this machine."""
    return "://" in text


@value
class Address:
    """A folder in a store: `url` as the user calls it, `fs` the file system of fsspec, `path` what that calls the folder."""

    url: str
    fs: Any
    path: str

    def __truediv__(self, name: str) -> "Address":
        """What lies in the folder under a relative name."""
        return Address(url=f"{self.url}/{name}", fs=self.fs, path=f"{self.path}/{name}")

    @property
    def name(self) -> str:
        """The last part of the path."""
        return PurePosixPath(self.path).name

    def files(self) -> Mapping[str, Mapping[str, Any]]:
        """Every object below by its name relative to this folder, with what the store says of it; ExpectedError "store-failed".

        Names that are none on a disk ("a//b", "../a") are left out: no copy could be written under them.
        """
        with reaching(self.url):
            found = self.fs.find(self.path, detail=True)
        below = {path.removeprefix(self.path).removeprefix("/"): info for path, info in found.items()}
        return {name: info for name, info in below.items() if not {"", ".", ".."} & set(name.split("/"))}

    def listing(self) -> Mapping[str, Mapping[str, Any]]:
        """Every object right in this folder by its name, with what the store says of it; ExpectedError "store-failed"."""
        with reaching(self.url):
            found = self.fs.ls(self.path, detail=True)
        names = {info["name"].removeprefix(self.path).strip("/"): info for info in found if info["type"] == "file"}
        return {name: info for name, info in names.items() if name not in {"", ".", ".."} and "/" not in name}

    def info(self) -> Mapping[str, Any] | None:
        """What the store says of an object; None where there is none. ExpectedError "store-failed"."""
        try:
            with reaching(self.url, FileNotFoundError):
                return dict(self.fs.info(self.path))
        except FileNotFoundError:
            return None

    def read(self) -> bytes | None:
        """Content of an object; None where there is none. ExpectedError "store-failed"."""
        try:
            with reaching(self.url, FileNotFoundError):
                return bytes(self.fs.cat_file(self.path))
        except FileNotFoundError:
            return None

    def read_all(self, names: Sequence[str]) -> list[bytes]:
        """Contents of objects by their names relative to this folder, in that order. ExpectedError "store-failed"."""
        with reaching(self.url):
            found = self.fs.cat([f"{self.path}/{name}" for name in names]) if names else {}
        return [bytes(found[f"{self.path}/{name}"]) for name in names]

    def write(self, data: bytes, *, new: bool = False) -> None:
        """Put `data` in the place of an object, whole. ExpectedError "store-failed".

        With `new` FileExistsError where there is one. How sure that is depends on the store: S3 decides it itself
        (If-None-Match), others are asked first and written then.
        """
        with reaching(self.url, FileExistsError):
            self._make_parents(self.path)
            self.fs.pipe_file(self.path, data, mode="create" if new else "overwrite")

    def put(self, files: Mapping[str, str]) -> None:
        """Upload files, each whole: the path here for each name relative to this folder. ExpectedError "store-failed"."""
        targets = [f"{self.path}/{name}" for name in files]
        with reaching(self.url):
            for target in targets:
                self._make_parents(target)
            if targets:
                self.fs.put(list(files.values()), targets)

    def get(self, files: Mapping[str, str]) -> None:
        """Download files: the path here for each name relative to this folder. ExpectedError "store-failed"."""
        with reaching(self.url):
            if files:
                self.fs.get([f"{self.path}/{name}" for name in files], list(files.values()))

    def remove(self, names: Sequence[str]) -> None:
        """Remove objects by their names relative to this folder. ExpectedError "store-failed"."""
        with reaching(self.url):
            if names:
                self.fs.rm([f"{self.path}/{name}" for name in names])

    def remove_it(self) -> None:
        """Remove this object. ExpectedError "store-failed"."""
        with reaching(self.url):
            self.fs.rm_file(self.path)

    def _make_parents(self, path: str) -> None:
        if not self.fs.async_impl:  # the stores that fsspec speaks to asynchronously know no folders
            self.fs.makedirs(path.rpartition("/")[0], exist_ok=True)


def opened(url: str) -> Address:
    """The address of a URL, or of an absolute path. ExpectedError: "extra-missing", "unknown-store", "store-failed"."""
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 most nights stay on this machine
    except ImportError as error:
        raise ExpectedError("extra-missing", f"{url} needs the package fsspec, which is not installed.", INSTALL) from error
    try:
        fs, path = url_to_fs(url.rstrip("/"), use_listings_cache=False)
    except ImportError as error:
        raise ExpectedError(
            "extra-missing", f"{url} needs a package that is not installed: {_words(error)}", INSTALL
        ) from error
    except Exception as error:
        raise ExpectedError("unknown-store", f"{url} leads to no store: {_words(error)}", "Give a URL of fsspec.") from error
    return Address(url=url.rstrip("/"), fs=fs, path=path.rstrip("/"))


@contextmanager
def reaching(url: str, *passing: type[Exception]) -> Iterator[None]:
    """Turn whatever a store raises, except for `passing`, into an ExpectedError "store-failed": each has errors of its own."""
    try:
        yield
    except (ExpectedError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, passing):
            raise
        hint = "Look at the address, the credentials and the network; nothing that was finished is lost."
        raise ExpectedError("store-failed", f"{url} cannot be reached: {_words(error)}", hint) from error


def _words(error: Exception) -> str:
    """What a library says, as the end of a sentence."""
    said = " ".join(str(error).split()) or type(error).__name__
    return said if said.endswith(".") else f"{said}."
