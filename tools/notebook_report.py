"""A page with every plot of the notebooks that `bench_notebooks.py --keep` left, to be looked at.

    python -m tools.notebook_report FOLDER

Writes FOLDER/index.html: for each notebook the time it took, the data it found and its plots with
their words; and FOLDER/pages, each notebook whole. Formulas need no network.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import jupyter_server_mathjax
import nbformat
from nbconvert import HTMLExporter
from nbformat import NotebookNode

KINDS = ("image/png", "image/jpeg")
LOADED = re.compile(r"^\w+: .*; (?:real data|SYNTHETIC[^,]*.*), from .*$", re.MULTILINE)
MATHJAX = Path(jupyter_server_mathjax.__file__).parent / "static" / "MathJax.js"
FONTS = """<script type="text/x-mathjax-config">MathJax.Hub.Config({"HTML-CSS":
{availableFonts: [], preferredFont: null, webFont: "STIX-Web", imageFont: null}});</script>"""
"""The one that the package has; with those that MathJax looks for first, f' cannot be shown."""
PAGE = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
    """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>All notebooks, run whole</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
img { max-width: 100%; background: #fff; }
figure { margin: 1rem 0 2rem; }
figcaption, .data { opacity: .75; }
.error { font-weight: bold; }
</style></head><body>
<h1>All notebooks, run whole</h1>
{% for run in runs %}
<h2><a href="{{ run.page }}">{{ run.name }}</a></h2>
<p>{{ run.seconds }} s of processor time{% if run.error %}; <span class="error">stopped:
{{ run.error }}</span>{% endif %}</p>
{% for line in run.data %}<p class="data">{{ line }}</p>{% endfor %}
{% for picture in run.pictures %}
<figure><img src="{{ picture.address }}" alt="{{ picture.words }}">
<figcaption>{{ picture.words or "NOT SAID IN WORDS" }}</figcaption></figure>
{% endfor %}{% endfor %}
</body></html>
"""
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.notebook_report", description=__doc__)
    parser.add_argument("folder", type=Path, help="with an assignment's notebooks a folder")
    folder = parser.parse_args().folder
    print(report(folder))


def report(folder: Path) -> Path:
    """Write the page and those of the whole notebooks; return the page's path."""
    exporter = HTMLExporter(
        template_name="classic",  # the default one shows no words for pictures among outputs
        mathjax_url=f"{MATHJAX.as_uri()}?config=TeX-AMS-MML_HTMLorMML-full,Safe",
        **dict.fromkeys(("require_js_url", "jquery_url", "mermaid_js_url"), ""),
    )
    runs = []
    for path in sorted(folder.glob("*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        page = folder / "pages" / f"{path.parent.name}-{path.stem}.html"
        page.parent.mkdir(exist_ok=True)
        html = exporter.from_notebook_node(notebook)[0]
        page.write_text(html.replace("<head>", f"<head>{FONTS}", 1), encoding="utf-8")
        run = notebook.metadata.get("run", {})
        runs.append({
            "name": f"{path.parent.name}/{path.stem}",
            "page": page.relative_to(folder).as_posix(),
            "seconds": run.get("cpu_seconds", "?"),
            "error": run.get("error", ""),
            "data": LOADED.findall(printed(notebook)),
            "pictures": list(pictures(notebook)),
        })  # fmt: skip
    index = folder / "index.html"
    index.write_text(PAGE.render(runs=runs), encoding="utf-8")
    return index


def printed(notebook: NotebookNode) -> str:
    """Return all that its cells printed."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return "\n".join(output.text for output in outputs if output.output_type == "stream")


def pictures(notebook: NotebookNode) -> Iterator[dict[str, str]]:
    """Yield the address and the words of each picture among its outputs."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for kind in KINDS:
                if kind in output.get("data", {}):
                    address = f"data:{kind};base64,{output.data[kind]}"
                    yield {"address": address, "words": cell.metadata.get("alt", "")}


if __name__ == "__main__":
    main()
