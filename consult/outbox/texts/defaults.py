"""What the product says as long as the firm says nothing else, written as the firm would write it.

The default is what the mail's own template and the catalogue say about the sample, with every value put back as the
place it came from. So there is no second copy of it to forget.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from consult.outbox.rendering import environment_for, render
from consult.outbox.texts.kinds import FirmText, Said
from consult.outbox.texts.speaking import expression, spoken
from consult.web.pages import Firm

if TYPE_CHECKING:
    from consult.outbox.rendering import Words
    from consult.settings import Settings

_BEGIN, _END = "\x02", "\x03"


@lru_cache(maxsize=256)
def default(text: FirmText, language: str, settings: Settings) -> Said:
    """The default of a text in a language, as the firm would have typed it."""
    environment = environment_for(settings, language)
    # A firm may be called as an ordinary word; this one is not.
    firm = replace(Firm.of(settings), name="Bureau Zonnewende", phone="020 987 65 43")
    sample = {**text.sample, "firm": firm}
    if text.event is None:
        subject, body = (
            "",
            environment.from_string(f"{{% autoescape false %}}{text.default}{{% endautoescape %}}"),
        )
        said = body.render(sample)
    else:
        subject = environment.get_template(f"email/{text.event}/subject.txt").render(sample)
        said = _main(text, language, settings, sample)
    values = {
        value.unescape() if isinstance(value, Markup) else str(value): place.name
        for place in text.places
        if (value := expression(environment, place.value)(sample))
    }
    return Said(_put_back(subject, values).strip(), _put_back(said, values).strip())


@lru_cache(maxsize=256)
def sample_values(text: FirmText, language: str, settings: Settings) -> dict[str, str]:
    """What comes in each place, for the sample."""
    environment = environment_for(settings, language)
    return {
        place.name: value.unescape() if isinstance(value, Markup) else str(value)
        for place in text.places
        if (value := expression(environment, place.value)(text.sample)) is not None
    }


def shown(text: FirmText, said: Said, language: str, settings: Settings) -> Words | Markup:
    """The text with the sample filled in, as its reader gets it: a mail, or what a page shows.

    Raises:
        BrokenText: see ``spoken``.
    """
    environment = environment_for(settings, language)
    made = spoken(text, said, environment, text.sample, in_mail=text.event is not None)
    if text.event is None:
        return Markup().join(Markup(each.html) for each in made.pieces)  # noqa: S704 (cleaned by to_html)
    return render(text.event, language, settings, dict(text.sample), {(text.key, language): said})


def _main(text: FirmText, language: str, settings: Settings, sample: dict[str, object]) -> str:
    """The words of the plain part, with the parts of the template by name."""
    wrapper = f"{{% extends 'email/{text.event}/body.txt' %}}"
    wrapper += f"{{% block main %}}{_BEGIN}{{{{ super() }}}}{_END}{{% endblock %}}"
    for part in text.parts:
        wrapper += f"{{% block {part.block} %}}\n\n{{{part.name}}}\n\n{{% endblock %}}"
    environment = environment_for(settings, language).overlay(autoescape=False)
    made = environment.from_string(wrapper).render(sample).partition(_BEGIN)[2].partition(_END)[0]
    lines = "\n".join(line.strip() for line in made.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines)


def _put_back(text: str, values: dict[str, str]) -> str:
    """The longest first: a day stands within a moment."""
    longest = sorted(values, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest)) or r"(?!)")
    return pattern.sub(lambda found: f"{{{values[found[0]]}}}", " ".join(text.split(" ")))
