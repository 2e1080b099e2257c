"""What a person typed in a mail: without the mail it answers, without a signature; and HTML as plain text.

Linear in the length of the text. HTML is read tag by tag and never as a tree: forty kilobytes of open ``<b>`` and
``<p>`` make a gigabyte of tree in any parser that follows HTML5, nh3's too.
"""

from __future__ import annotations

import html
import re

from consult.web.text import clean

MOST_CHARACTERS = 20_000
LONGEST_LINE = 1000

_FROM = r"(?:Van|From|Von|De)"
_SENT = r"(?:Verzonden|Verstuurd|Datum|Sent|Date|Gesendet|Envoyé)"
_TO = r"(?:Aan|To|An|À)"
_SUBJECT = r"(?:Onderwerp|Subject|Betreff|Objet)"
_LABEL = r"^[\s>*_]*{}\s*:[\s*_]*\S?"
_FROM_LINE = re.compile(_LABEL.format(_FROM))
_OTHER_LINES = tuple(re.compile(_LABEL.format(name)) for name in (_SENT, _TO, _SUBJECT))
_DIVIDER = re.compile(
    r"^\s*-{2,}\s*(?:Original Message|Original Appointment|Forwarded message|Begin forwarded message"
    r"|Oorspronkelijk(?:e)? (?:e-mail)?bericht|Oorspronkelijke afspraak|Doorgestuurd bericht"
    r"|Ursprüngliche Nachricht)\s*-{2,}\s*$",
    re.IGNORECASE,
)
# One attribution may be wrapped over some lines, so it is matched against those lines joined.
_ATTRIBUTION = re.compile(
    r"^\s*(?:"
    r"(?:Op|On)\b.{4,300}?\b(?:schreef|wrote)\b.{0,200}?:"
    r"|Op\b.{4,300}?\bheeft\b.{1,200}?\b(?:het volgende )?geschreven:"
    r"|Am\b.{4,300}?\bschrieb\b.{0,200}?:"
    r"|.{2,200}?\b(?:schreef op|wrote on)\b.{4,100}?:"
    r")\s*$"
)
_STARTS = re.compile(r"^\s*(?:Op|On|Am)\b|\b(?:schreef op|wrote on)\b")
_ENDS = re.compile(r":\s*$")
_ATTRIBUTION_LINES = 4
_SENT_FROM = re.compile(
    r"^\s*(?:Verzonden|Verstuurd|Sent|Get|Download|Haal|Outlook voor)\b.{0,30}"
    r"\b(?:iPhone|iPad|Android|iOS|Samsung|Galaxy|Outlook|mobiel|mobile|Mail)\b.{0,120}$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*_{10,}\s*$")

_HTML_PIECE = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<hidden>style|script|head|title|template)\b.*?(?:</(?P=hidden)\b[^>]*(?:>|\Z)|\Z)"
    r"|<(?P<close>/?)(?P<tag>[a-z][a-z0-9]*)(?P<attributes>[^>]*)(?:>|\Z)"
    r"|<[!?/][^>]*(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTE_MARK = re.compile(
    r"gmail_quote|divRplyFwdMsg|appendonsend|yahoo_quoted|moz-cite-prefix|mail-editor-reference-message|OLK_SRC_BODY",
    re.IGNORECASE,
)
_BLOCKS = re.compile(r"p|div|br|tr|li|ul|ol|table|blockquote|h[1-6]|hr|pre|section|article|header|footer")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")
_SPACES = re.compile(r"[ \t\r\n\u00a0]+")


def typed(text: str) -> str:
    """The part of a mail's text that its sender typed now; all of it when nothing else would be left."""
    full = clean(text)[: 4 * MOST_CHARACTERS]
    lines = [line[:LONGEST_LINE] for line in full.split("\n")]
    own = clean("\n".join(_without_quotes(lines)))
    return (own or full)[:MOST_CHARACTERS]


def from_html(markup: str) -> str:
    """HTML as plain text, one line a block, up to the mail that is quoted; all of it when nothing stands above that."""
    return _tidy(_shown(markup, to_the_quote=True)) or _tidy(_shown(markup, to_the_quote=False))


def _shown(markup: str, *, to_the_quote: bool) -> str:
    pieces: list[str] = []
    end = 0
    for found in _HTML_PIECE.finditer(markup):
        pieces.append(_words(markup[end : found.start()]))
        end = found.end()
        tag = (found["tag"] or "").lower()
        if to_the_quote and not found["close"] and _starts_quote(tag, found["attributes"] or ""):
            return "".join(pieces)
        if _BLOCKS.fullmatch(tag):
            pieces.append("\n")
    return "".join([*pieces, _words(markup[end:])])


def _words(between_tags: str) -> str:
    return _SPACES.sub(" ", html.unescape(between_tags))


def _starts_quote(tag: str, attributes: str) -> bool:
    return (tag == "blockquote" and "cite" in attributes.lower()) or bool(_QUOTE_MARK.search(attributes))


def _tidy(text: str) -> str:
    joined = "\n".join(line.strip() for line in text.split("\n"))
    return clean(_BLANK_LINES.sub("\n\n", joined))


def _without_quotes(lines: list[str]) -> list[str]:
    own: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.rstrip() == "--" or _cuts_off(lines, at):
            break
        if length := _attribution(lines, at):
            following = next((each for each in lines[at + length :] if each.strip()), "")
            if not following.lstrip().startswith(">"):
                break
            at += length
        elif line.lstrip().startswith(">"):
            at += 1
        else:
            own.append(line)
            at += 1
    return _without_device_line(own)


def _cuts_off(lines: list[str], at: int) -> bool:
    """Whether the quoted mail begins here and runs to the end, as Outlook writes it."""
    line = lines[at]
    if _DIVIDER.match(line):
        return True
    if _RULE.match(line):
        at = next((later for later in range(at + 1, min(at + 4, len(lines))) if lines[later].strip()), at)
        line = lines[at]
    if not _FROM_LINE.match(line):
        return False
    following = lines[at + 1 : at + 8]
    return sum(any(label.match(each) for each in following) for label in _OTHER_LINES) >= 2


def _attribution(lines: list[str], at: int) -> int:
    """How many lines the sentence "On that day somebody wrote:" takes here; 0 when it is not one."""
    if not _STARTS.search(lines[at]):
        return 0
    for length in range(1, _ATTRIBUTION_LINES + 1):
        chunk = lines[at : at + length]
        if len(chunk) == length and _ENDS.search(chunk[-1]) and _ATTRIBUTION.match(" ".join(chunk)[:800]):
            return length
    return 0


def _without_device_line(lines: list[str]) -> list[str]:
    """Leave out "Sent from my phone" where nothing follows it."""
    kept = list(lines)
    while kept and (not kept[-1].strip() or _SENT_FROM.match(kept[-1])):
        kept.pop()
    return kept
