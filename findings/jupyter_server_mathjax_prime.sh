#!/bin/sh
# jupyter-server-mathjax 0.2.6: on a page that nbconvert makes with the package's MathJax, $f'(x)$ is "[Math Processing Error]".
#
# Expected: formulas, as with MathJax from the web; `HTMLExporter.mathjax_url` is the setting for that. The package has of
# MathJax's fonts STIX-Web alone, and MathJax asks for its own TeX fonts first: their data is not found, so $x^2$ is set in
# whatever font the browser has, a bar flies off its letter, and a prime ends in an error. Only a page whose MathJax is told
# `webFont: "STIX-Web"`, as Jupyter's own pages tell it, has all of them. Needs chromium.
set -eu
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
  echo "chromium: expected it on the path, found none."
  exit 2
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jupyter-server-mathjax==0.2.6 nbconvert==7.17.2 playwright==1.65.2
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version
from pathlib import Path

import jupyter_server_mathjax
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook
from playwright.sync_api import sync_playwright

browser, folder = sys.argv[1], Path(sys.argv[2])
print("jupyter-server-mathjax", version("jupyter-server-mathjax"), "nbconvert", version("nbconvert"))
url = (Path(jupyter_server_mathjax.__file__).parent / "static" / "MathJax.js").as_uri()
exporter = HTMLExporter(mathjax_url=f"{url}?config=TeX-AMS-MML_HTMLorMML-full,Safe", require_js_url="", jquery_url="")
page, _ = exporter.from_notebook_node(new_notebook(cells=[new_markdown_cell("$x^2$ and $f'(x)$")]))
told = """<head><script type="text/x-mathjax-config">
MathJax.Hub.Config({"HTML-CSS": {availableFonts: [], preferredFont: null, webFont: "STIX-Web"}});</script>"""
pages = {"as it comes": page, "told of the font": page.replace("<head>", told, 1)}
errors = {}
with sync_playwright() as playwright:
    window = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"]).new_page()
    for name, html in pages.items():
        (folder / "page.html").write_text(html)
        window.goto((folder / "page.html").as_uri())
        window.wait_for_function("window.MathJax && MathJax.Hub && MathJax.isReady && MathJax.Hub.getAllJax().length == 2")
        window.evaluate("new Promise(done => MathJax.Hub.Queue(done))")
        errors[name] = window.locator(".MathJax_Error").all_inner_texts()
        print(f"{name}: errors {errors[name]}")
as_seen = errors["told of the font"] == [] and [text.split("\n")[0] for text in errors["as it comes"]] == ["[Math Processing Error]"]
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py" "$browser" "$folder"
