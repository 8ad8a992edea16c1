"""Templates of HTML pages: everything that is not markup by itself is escaped."""

import functools
import re

import jinja2
import markupsafe

from autograder.publish.highlight import folded, highlighted
from autograder.publish.markdown import as_html
from autograder.text import points


@functools.cache
def template(name: str) -> jinja2.Template:
    """Return one of the kit's templates; an unknown variable in it is an error."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.publish"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        points=points,
        code=code,
        prose=prose,
        folded=folded,
        highlighted=highlighted,
    )
    return environment.get_template(name)


def prose(text: str) -> markupsafe.Markup:
    """Return what a grader wrote as HTML: Markdown and formulas, markup as text."""
    return as_html(text, markup=False)


def code(text: str) -> markupsafe.Markup:
    """Return plain text as HTML, with what stands in backticks as code."""
    escaped = str(markupsafe.escape(text))
    return markupsafe.Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escaped))
