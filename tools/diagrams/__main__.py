"""Put every diagram into its cell, or draw them into a folder to be looked at."""

import argparse
import base64
import json
from pathlib import Path

from tools.diagrams import drawings
from tools.diagrams.places import PLACES

SOURCE = Path(__file__).parents[2] / "source"


def embed(path: Path, cell_id: str, name: str, png: bytes, alt: str) -> None:
    """Add a diagram to the end of a Markdown cell, or put it in the place of the one there."""
    notebook = json.loads(path.read_text())
    (cell,) = (cell for cell in notebook["cells"] if cell["id"] == cell_id)
    text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    kept = text.split("\n\n![", 1)[0]
    cell["source"] = f"{kept}\n\n![{alt}](attachment:{name}.png)"
    cell["attachments"] = {f"{name}.png": {"image/png": base64.b64encode(png).decode()}}
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.diagrams", description=__doc__)
    parser.add_argument("--out", type=Path, help="draw into this folder, change no notebook")
    out = parser.parse_args().out
    for place in PLACES:
        png = getattr(drawings, place.name)()
        if out is None:
            embed(SOURCE / place.notebook, place.cell, place.name, png, place.alt)
        else:
            out.mkdir(parents=True, exist_ok=True)
            (out / f"{place.name}.png").write_bytes(png)


if __name__ == "__main__":
    main()
