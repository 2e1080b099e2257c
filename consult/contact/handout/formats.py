"""Which kinds of file a hand-out may be, recognised by what is in them and never by their name alone.

PDF (ISO 32000), Office Open XML (ISO/IEC 29500) and OpenDocument (ISO/IEC 26300). A file that would run something is
refused. Nothing is unpacked but two small parts whose size is bounded; knows no page and no database.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum

from consult.web.text import clean

MOST_BYTES = 10 * 1024 * 1024
MOST_PARTS = 5000
MOST_INDEX = 1024 * 1024
LONGEST_NAME = 80
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
# Extension → media type, and for Office Open XML the main part that the index must name.
OFFICE_KINDS = {
    "docx": ("wordprocessingml.document", "word/document.xml"),
    "xlsx": ("spreadsheetml.sheet", "xl/workbook.xml"),
    "pptx": ("presentationml.presentation", "ppt/presentation.xml"),
}
OPEN_KINDS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
# What a PDF does by itself when somebody opens it (ISO 32000 12.6.4). Names may be written with #-escapes.
PDF_ACTS = re.compile(rb"/(?:JavaScript|Launch)[\s/(<\[]|/JS[\s/(<\[]")
PDF_END = b"%%EOF"
_NOT_IN_NAMES = re.compile(r"[^\w .()-]+")


class Flaw(StrEnum):
    """Why a file cannot be a hand-out."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    OTHER_KIND = "other_kind"
    BROKEN = "broken"
    RUNS = "runs"
    LOCKED = "locked"


class NotAHandout(ValueError):
    """The file cannot be a hand-out; ``flaw`` says why."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its extension without a dot, and its media type."""

    extension: str
    media_type: str


PDF = Format("pdf", "application/pdf")


def recognised(content: bytes) -> Format:
    """What kind of file this is.

    Raises:
        NotAHandout: it is empty, over 10 MB, of another kind, cut off, locked, or holds something that runs.
    """
    if not content:
        raise NotAHandout(Flaw.EMPTY)
    if len(content) > MOST_BYTES:
        raise NotAHandout(Flaw.TOO_LARGE)
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    raise NotAHandout(Flaw.OTHER_KIND)


def safe_name(name: str, extension: str) -> str:
    """A name to save the file under: no folder, no sign that means something to a machine, the right extension."""
    last = clean(name).replace("\\", "/").rpartition("/")[2]
    plain = " ".join(_NOT_IN_NAMES.sub(" ", last.rpartition(".")[0] or last).split())
    return f"{plain.strip(' .-')[:LONGEST_NAME].rstrip() or 'handreiking'}.{extension}"


def _pdf(content: bytes) -> Format:
    if PDF_END not in content[-2048:]:
        raise NotAHandout(Flaw.BROKEN)
    if PDF_ACTS.search(content):
        raise NotAHandout(Flaw.RUNS)
    return PDF


def _zipped(content: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MOST_PARTS:
                raise NotAHandout(Flaw.BROKEN)
            if any(part.flag_bits & 1 for part in parts):
                raise NotAHandout(Flaw.LOCKED)
            if "[Content_Types].xml" in names:
                return _office(_small(archive, "[Content_Types].xml"), names)
            if parts[0].filename == "mimetype":
                return _open_document(_small(archive, "mimetype"), names)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, IndexError, KeyError):
        raise NotAHandout(Flaw.BROKEN) from None
    raise NotAHandout(Flaw.OTHER_KIND)


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, read only as far as an honest one can be long: a small file must not fill the memory."""
    with archive.open(name) as part:
        found = part.read(MOST_INDEX + 1)
    if len(found) > MOST_INDEX:
        raise NotAHandout(Flaw.BROKEN)
    return found


def _office(index: bytes, names: set[str]) -> Format:
    if b"macroenabled" in index.lower() or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise NotAHandout(Flaw.RUNS)
    for extension, (kind, main) in OFFICE_KINDS.items():
        if f"{OFFICE}{kind}.main+xml".encode() in index and main in names:
            return Format(extension, f"{OFFICE}{kind}")
    raise NotAHandout(Flaw.OTHER_KIND)


def _open_document(stated: bytes, names: set[str]) -> Format:
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise NotAHandout(Flaw.RUNS)
    for extension, kind in OPEN_KINDS.items():
        if stated.strip() == f"{OPEN_DOCUMENT}{kind}".encode() and "content.xml" in names:
            return Format(extension, f"{OPEN_DOCUMENT}{kind}")
    raise NotAHandout(Flaw.OTHER_KIND)
