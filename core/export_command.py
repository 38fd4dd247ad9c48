"""`python -m core export`: what the page's part "Take it with you" writes, as a file."""

import argparse
import gettext
from collections.abc import Callable
from pathlib import Path

from core.chinese import set_in_chinese
from core.errors import InputError
from core.reports.run_report import run_report
from core.reports.run_take_away import MARKDOWN, PAGE, written
from core.reports.training_script import Told, training_script, unrepeated
from core.runs.evaluation import evaluated
from core.runs.run_folder import RUNS, RunFolder, find_run, replace_file

LOCALES = Path(__file__).resolve().parents[1] / "locales"
ENDS = {"onnx": "onnx", "script": "py", "card": MARKDOWN, "report": MARKDOWN}


def export_command(options: argparse.Namespace) -> str:
    """Writes one file; says where, and for an ONNX file how far its answers lie from PyTorch's. Raises InputError."""
    folder = find_run(options.run_id, options.runs or RUNS)
    kind: str = options.to
    out: Path = options.out or Path(f"{kind}-{folder.id[:8]}.{ENDS[kind]}")
    if kind == "onnx":
        content, told = _onnx(folder)
    elif kind == "script":
        content, told = _script(folder)
    else:
        content, told = _report(folder, kind, out, options.language), ""
    try:
        replace_file(out, lambda file: file.write(content))
        out.chmod(0o644)
    except OSError as error:
        raise InputError("missing", "--out", str(out), error.strerror or "a writable folder") from None
    return f"{out}: {len(content):,} bytes{told}"


def _onnx(folder: RunFolder) -> tuple[bytes, str]:
    from core.vision.questions import answered  # noqa: PLC0415  torch takes seconds, a script needs none

    found = answered(folder, {"kind": "onnx"})
    figures = found.figures
    told = (
        f", opset {figures['opset']}; logits differ by {figures['deviation']:.2g} at most on "
        f"{figures['images']:,} test images, {figures['agreeing']:,} answers are the same"
    )
    return found.arrays["onnx"].tobytes(), told


def _script(folder: RunFolder) -> tuple[bytes, str]:
    told = Told.of(folder)
    left_out = unrepeated(told)
    return training_script(told).encode(), f"; not repeated: {', '.join(left_out)}" if left_out else ""


def _report(folder: RunFolder, kind: str, out: Path, language: str) -> bytes:
    form = out.suffix.removeprefix(".")
    if form not in (MARKDOWN, PAGE):
        raise InputError("unknown_name", "--out", str(out), f"*.{MARKDOWN} | *.{PAGE}")
    from core.vision.questions import answered  # noqa: PLC0415

    found = evaluated(answered(folder, {"kind": "evaluate"}))
    shifts = answered(folder, {"kind": "shifts"}).arrays
    return written(run_report(folder, found, _words(language), shifts), kind, form, language)


def _words(language: str) -> Callable[[str], str]:
    said = gettext.translation("messages", LOCALES, [language]).gettext
    return (lambda text: set_in_chinese(said(text))) if language == "zh_CN" else said
