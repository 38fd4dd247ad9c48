"""What of a run can be taken elsewhere: weights, an ONNX file, a script that repeats it, a model card, a lab report."""

from functools import partial
from pathlib import Path

import streamlit as st

from core.reports.run_report import run_report
from core.reports.run_take_away import MARKDOWN, PAGE, written
from core.reports.training_script import Told, packages, training_script, unrepeated
from core.runs.answers import Answer, read_answer
from core.runs.evaluation import evaluation
from core.runs.run_folder import RunFolder, find_run
from core.runs.run_queue import the_queue
from ui import formats
from ui.language import current_language, speaking, words
from ui.learn.numbers import significant

ONNX, SHIFTS, SCORES = {"kind": "onnx"}, {"kind": "shifts"}, {"kind": "evaluate"}
ONNX_SECONDS = 240.0  # the libraries alone take ten where the machine is busy
MIMES = {MARKDOWN: "text/markdown", PAGE: "text/html"}


def show(run: str) -> None:
    """Raises InputError where the worker cannot be asked."""
    folder = find_run(run, the_queue().root)
    trained = folder.checkpoint_file.exists()
    _script(folder)
    if trained:
        _network(folder)
        _reports(folder)
    else:
        st.caption(words("Weights, ONNX file and reports appear here once the run has saved its weights."))
    st.markdown("**" + words("TensorBoard") + "**")
    st.caption(words("It reads the run's curves where the app runs:"))
    st.code(f"tensorboard --logdir runs/{run}/tb", language="bash", wrap_lines=True)


def _script(folder: RunFolder) -> None:
    st.markdown("**" + words("A script that repeats this run") + "**")
    told = Told.of(folder)
    st.caption(
        words(
            "One Python file with only the parts that this run uses. It needs {packages}, not this app, and ends with "
            "the same numbers on the same machine."
        ).format(packages=", ".join(f"`{name}`" for name in packages(told.config)))
    )
    left_out = unrepeated(told)
    if left_out:
        st.warning(
            words("The script does not repeat {fields}, so its numbers will differ.").format(
                fields=", ".join(f"`{name}`" for name in left_out)
            ),
            icon=":material/difference:",
        )
    write = partial(_python, told, current_language())
    _download(words("Script (Python)"), write, f"train-{folder.id[:8]}.py", "text/x-python")


def _python(told: Told, language: str) -> bytes:
    """Written on a click."""
    with speaking(language):
        return training_script(told, words=words).encode()


def _network(folder: RunFolder) -> None:
    st.markdown("**" + words("The trained network") + "**")
    answer = the_queue().known(folder.id, ONNX)
    place = st.container(horizontal=True)
    with place:
        _download(
            words("Weights (safetensors)"),
            folder.checkpoint_file.read_bytes,
            f"weights-{folder.id[:8]}.safetensors",
            "application/octet-stream",
        )
        making = st.empty()
    if answer is None:
        with making:
            pressed = st.button(words("Make the ONNX file"), key="take-make-onnx", icon=":material/deployed_code:")
        if not pressed:
            st.caption(
                words(
                    "ONNX is read by other languages and devices; the standardisation is inside. It is checked on "
                    "the test images when it is made, which takes some seconds."
                )
            )
            return
        text = words("The network is written as ONNX and read back …")
        bar = st.progress(0.0, text=text)
        answer = the_queue().ask(folder.id, ONNX, seconds=ONNX_SECONDS, share=lambda share: bar.progress(share, text))
        bar.empty()
    found = read_answer(answer)
    with making:
        _download(
            words("Network (ONNX)"),
            partial(_content, answer),
            f"network-{folder.id[:8]}.onnx",
            "application/octet-stream",
        )
    _deviation(found)


def _deviation(found: Answer) -> None:
    figures = found.figures
    text = words(
        "Read back by ONNX Runtime, its logits differ from PyTorch's by {deviation} at most on {images} test images "
        "(bound: {bound}), and {agreeing} answers are the same. Opset {opset}, {size} kB; input `pixels`, bytes from 0 "
        "to 255."
    ).format(
        deviation=significant(figures["deviation"], 2),
        images=formats.decimal(figures["images"], 0),
        bound=significant(1e-4, 1),
        agreeing=formats.decimal(figures["agreeing"], 0),
        opset=figures["opset"],
        size=formats.decimal(figures["bytes"] / 1000, 0),
    )
    if figures["within"]:
        st.caption(text)
    else:
        st.warning(text, icon=":material/rule:")


def _content(answer: Path) -> bytes:
    return read_answer(answer).arrays["onnx"].tobytes()


def _reports(folder: RunFolder) -> None:
    st.markdown("**" + words("Model card and lab report") + "**")
    st.caption(
        words(
            "The card says what the network is, how good, and what it is not for; the report tells the experiment, "
            "with questions to discuss. Every number is this run's. They are written in the language of the page."
        )
    )
    with st.spinner(words("The network reads its test images …")):
        scores = the_queue().ask(folder.id, SCORES)
    language = current_language()
    with st.container(horizontal=True):
        for kind, form, label in (
            ("card", MARKDOWN, words("Model card (Markdown)")),
            ("card", PAGE, words("Model card (web page)")),
            ("report", MARKDOWN, words("Lab report (Markdown)")),
            ("report", PAGE, words("Lab report (web page)")),
        ):
            write = partial(_report, folder, scores, kind, form, language)
            _download(label, write, f"{kind}-{folder.id[:8]}.{form}", MIMES[form])


def _report(folder: RunFolder, scores: Path, kind: str, form: str, language: str) -> bytes:
    """Written on a click; the changed images are in it where somebody has looked at them."""
    changed = the_queue().known(folder.id, SHIFTS)
    with speaking(language):
        shifts = read_answer(changed).arrays if changed is not None else None
        return written(run_report(folder, evaluation(scores), words, shifts), kind, form, language)


def _download(label: str, write: object, name: str, mime: str) -> None:
    st.download_button(
        label,
        write,  # type: ignore[arg-type]
        file_name=name,
        mime=mime,
        icon=":material/download:",
        key="take-" + name.replace(".", "-"),
        on_click="ignore",
    )
