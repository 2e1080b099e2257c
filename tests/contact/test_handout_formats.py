"""What may be handed out is judged by what is in the file; each refusal has its own flaw."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.contact.handout.formats import MOST_BYTES, Flaw, NotAHandout, recognised, safe_name

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def zipped(**parts: str) -> bytes:
    """An archive with these parts in order; ``__`` in a name is a slash, ``types`` the index of Office."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            path = {"types": "[Content_Types].xml"}.get(
                name, name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin")
            )
            archive.writestr(path, text)
    return made.getvalue()


def locked() -> bytes:
    """The bit of a password set on the first part, as a writer with a password does."""
    made = bytearray(zipped(types=WORD, word__document_xml="x"))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(mark) + place] |= 1
    return bytes(made)


KNOWN = [
    ("A PDF", PDF, "pdf"),
    ("Word", zipped(types=WORD, word__document_xml="x"), "docx"),
    ("Excel", zipped(types=SHEET, xl__workbook_xml="x"), "xlsx"),
    ("PowerPoint", zipped(types=SLIDES, ppt__presentation_xml="x"), "pptx"),
    ("OpenDocument", zipped(mimetype="application/vnd.oasis.opendocument.text", content_xml="x"), "odt"),
]


@pytest.mark.parametrize(("sentence", "content", "extension"), KNOWN, ids=[row[0] for row in KNOWN])
def test_a_file_is_known_by_what_is_in_it(sentence: str, content: bytes, extension: str) -> None:
    assert recognised(content).extension == extension, sentence


REFUSED = [
    ("Nothing", b"", Flaw.EMPTY),
    ("Too much", PDF + b" " * MOST_BYTES, Flaw.TOO_LARGE),
    ("A page of a website called handreiking.pdf", b"<html><script>alert(1)</script>", Flaw.OTHER_KIND),
    ("A program", b"MZ\x90\x00", Flaw.OTHER_KIND),
    ("A PDF that was cut off", PDF[:30], Flaw.BROKEN),
    ("A PDF that starts a program", PDF.replace(b"/Catalog", b"/Catalog /Launch (x)"), Flaw.RUNS),
    ("A PDF with script", PDF.replace(b"/Catalog", b"/Catalog /JS (app.alert(1))"), Flaw.RUNS),
    ("Word with macros", zipped(types=MACROS, word__document_xml="x"), Flaw.RUNS),
    ("Word that hides its macros", zipped(types=WORD, word__document_xml="x", word__vbaProject_bin="x"), Flaw.RUNS),
    ("OpenDocument with Basic", zipped(mimetype="application/vnd.oasis.opendocument.text", Basic__x="x"), Flaw.RUNS),
    ("Any archive", zipped(readme="x"), Flaw.OTHER_KIND),
    ("An empty archive", b"PK\x03\x04", Flaw.BROKEN),
    ("Word that was cut off", zipped(types=WORD, word__document_xml="x")[:-30], Flaw.BROKEN),
    ("Word that says so and is not", zipped(types=WORD, other="x"), Flaw.OTHER_KIND),
    ("An index that unpacks without end", zipped(types="x" * 2_000_000), Flaw.BROKEN),
    ("A password", locked(), Flaw.LOCKED),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "content", "flaw"), REFUSED, ids=[row[0] for row in REFUSED])
def test_any_other_file_is_refused_with_its_flaw(sentence: str, content: bytes, flaw: Flaw) -> None:
    with pytest.raises(NotAHandout) as refused:
        recognised(content)
    assert refused.value.flaw is flaw, sentence


@pytest.mark.parametrize(
    ("sentence", "typed", "kept"),
    [
        ("An ordinary name", "Vijf vragen.pdf", "Vijf vragen.pdf"),
        ("Another extension than it is", "notitie.exe", "notitie.pdf"),
        ("A folder", "C:\\Users\\rik\\geheim\\plan.pdf", "plan.pdf"),
        ("A way out of the folder", "../../etc/passwd", "passwd.pdf"),
        ("A line break and quotes", 'a"\r\nSet-Cookie: x.pdf', "a Set-Cookie x.pdf"),
        ("Signs of our alphabet", "Súdwest – café.pdf", "Súdwest café.pdf"),
        ("Nothing left", "…", "handreiking.pdf"),
    ],
)
def test_a_name_is_made_safe(sentence: str, typed: str, kept: str) -> None:
    assert safe_name(typed, "pdf") == kept, sentence


@given(st.text(max_size=300))
def test_a_safe_name_is_always_one_name_of_some_length(typed: str) -> None:
    name = safe_name(typed, "pdf")
    assert name.endswith(".pdf")
    assert 4 < len(name) <= 84
    assert not set(name) & set('/\\"\r\n\t:;<>|*?')
    assert not name.startswith((".", "-", " "))
