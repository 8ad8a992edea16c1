"""Draw the notebooks' diagrams and put them into the sources as attachments.

    python -m tools.diagrams            # writes source/*/*.ipynb
    python -m tools.diagrams --out DIR  # writes PNG files to look at, nothing else

A diagram is a picture inside of a Markdown cell, so that it shows in Jupyter, formgrader and
feedback alike. What it shows stands beside it as alternative text.
"""
