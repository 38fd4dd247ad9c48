"""A document of headings, paragraphs, tables and charts, as Markdown or as one HTML page that asks nobody for anything.

All text is escaped when it is written, so that a name is shown as it was typed and never read as markup.
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.io import to_html
from plotly.offline import get_plotlyjs

from core.charts.links import without_links
from core.typed_text import at_line_start, in_markdown

# Scripts and styles of the page itself and nothing from anywhere else, whatever a chart's text may hold.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
TEMPLATE = "plotly_white"
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1, h2 { line-height: 1.2 } h2 { margin-top: 2.5rem; border-bottom: 1px solid #ccc }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: 0.9rem; margin: 1rem 0 }
th, td { border-bottom: 1px solid #ddd; padding: 0.3rem 0.6rem; text-align: left; vertical-align: top }
th { border-bottom: 2px solid #888 } figure { margin: 1rem 0 }
@media print { body { margin: 0 } h2, figure, tr { break-inside: avoid } }
"""


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    text: str
    strong: bool = False


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """Text with an address on the web."""

    text: str
    address: str


Cell = str | Link


@dataclass(frozen=True)
class Table:
    titles: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A chart and what it shows, in words, for a reader who does not see it."""

    figure: go.Figure
    text: str


Block = Heading | Paragraph | Points | Table | Chart


def as_markdown(blocks: Sequence[Block]) -> str:
    """The document as Markdown; a chart is left out, its words stay."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def as_html(blocks: Sequence[Block], title: str, language: str) -> str:
    """The document as one page with its charts alive: plotly.js stands in it once."""
    scripts = f"<script>{get_plotlyjs()}</script>" if any(isinstance(one, Chart) for one in blocks) else ""
    body = "\n".join(_html(block, number) for number, block in enumerate(blocks))
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n{scripts}\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _markdown(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {in_markdown(block.text)}"
    if isinstance(block, Paragraph):
        text = at_line_start(block.text)
        return f"**{text}**" if block.strong and text else text
    if isinstance(block, Points):
        return "\n".join(f"- {at_line_start(text)}" for text in block.texts)
    if isinstance(block, Chart):
        return f"*{in_markdown(block.text)}*"
    lines = [_row(block.titles), _row(["---"] * len(block.titles), escaped=True), *(_row(row) for row in block.rows)]
    return "\n".join(lines)


def _row(cells: Iterable[Cell], *, escaped: bool = False) -> str:
    return "| " + " | ".join(str(cell) if escaped else _markdown_cell(cell) for cell in cells) + " |"


def _markdown_cell(cell: Cell) -> str:
    if isinstance(cell, Link):
        address = cell.address.replace("|", "%7C").replace(")", "%29").replace("(", "%28").replace(" ", "%20")
        return f"[{in_markdown(cell.text)}]({address})"
    return in_markdown(cell)


def _html(block: Block, number: int) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{html.escape(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        text = html.escape(block.text)
        return f"<p><strong>{text}</strong></p>" if block.strong else f"<p>{text}</p>"
    if isinstance(block, Points):
        return "<ul>" + "".join(f"<li>{html.escape(text)}</li>" for text in block.texts) + "</ul>"
    if isinstance(block, Chart):
        # The app's own theme is unknown outside of it; margins make room for the numbers of the axes.
        figure = go.Figure(without_links(block.figure)).update_layout(template=TEMPLATE)
        figure.update_xaxes(automargin=True).update_yaxes(automargin=True)
        drawn = to_html(
            figure,
            full_html=False,
            include_plotlyjs=False,
            include_mathjax=False,
            div_id=f"chart-{number}",
            config={"displaylogo": False, "responsive": True},
        )
        return f'<figure aria-label="{html.escape(block.text)}">{drawn}</figure>'
    head = "".join(f"<th>{html.escape(title)}</th>" for title in block.titles)
    rows = "".join("<tr>" + "".join(f"<td>{_html_cell(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _html_cell(cell: Cell) -> str:
    if isinstance(cell, Link):
        return f'<a href="{html.escape(cell.address)}" rel="noreferrer">{html.escape(cell.text)}</a>'
    return html.escape(cell)
