"""A training run as a report tells it: the parts that the model card and the lab report share, as blocks of text.

Every number is the run's own: from its folder, or from its scores on the test images.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.formulas.settings import Choice
from core.reports.document import Block, Heading, Paragraph, Points, Table
from core.runs.class_names import class_names
from core.runs.classification_metrics import wilson_interval
from core.runs.estimates import SIDES
from core.runs.evaluation import Evaluation
from core.runs.networks import NetworkCost, network, network_cost
from core.runs.run_cost import RunCost, run_cost
from core.runs.run_folder import RunFolder
from core.runs.run_history import Columns, history
from core.runs.training_config import TrainingConfig, trainable

Words = Callable[[str], str]
NONE = "–"
CONFUSIONS_SHOWN = 5
COLDEST = 0.05  # the lowest temperature that is tried
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class RunReport:
    """A run with its scores.

    started: what its first event told; epochs: columns of its epochs; shifts: accuracy under changes by kind, rows of
    amount, accuracy, low, high; empty where nobody asked for them
    """

    run: str
    config: TrainingConfig
    environment: Mapping[str, Any]
    result: Mapping[str, Any]
    started: Mapping[str, Any]
    epochs: Columns
    progress: Columns
    cost: RunCost | None
    network: NetworkCost
    found: Evaluation
    shifts: Mapping[str, NDArray[np.float64]]
    words: Words

    def class_names(self) -> list[str]:
        return [self.words(name) for name in class_names(self.config.data)]

    def epochs_trained(self) -> int:
        """Whole ones: fewer than were set where the run was stopped."""
        return len(self.epochs["epoch"])

    def data_name(self) -> str:
        words = self.words
        return {
            "digits": words("8 × 8 digits"),
            "mnist": "MNIST",
            "fashion-mnist": "Fashion-MNIST",
        }[self.config.data]


def run_report(
    folder: RunFolder, found: Evaluation, words: Words, shifts: Mapping[str, NDArray[np.float64]] | None = None
) -> RunReport:
    """Raises InputError for a folder that is not whole."""
    config = folder.config()
    told = history(folder.path)
    told.update()
    return RunReport(
        run=folder.id,
        config=config,
        environment=folder.read_json("environment.json") or {},
        result=folder.read_json("result.json") or {},
        started=told.started.fields if told.started else {},
        epochs=told.epochs(),
        progress=told.progress(),
        cost=run_cost(told, config),
        network=network_cost(config.model, SIDES[config.data]),
        found=found,
        shifts=shifts or {},
        words=words,
    )


def percent(share: float, digits: int = 2) -> str:
    return f"{share:.{digits}%}"


def percent_points(share: float, words: Words) -> str:
    return words("{points} percentage points").format(points=f"{100 * share:.2f}")


def number(amount: float | None, digits: int = 4) -> str:
    """So many significant digits; whole numbers with all of theirs."""
    if amount is None or not np.isfinite(amount):
        return NONE
    return f"{amount:,.0f}" if amount == int(amount) and abs(amount) < 1e15 else f"{amount:.{digits}g}"


def scientific(amount: float) -> str:
    """E.g. 3.15 × 10¹⁰."""
    mantissa, exponent = f"{amount:.2e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(SUPERSCRIPTS)}"


def accuracy_sentence(report: RunReport) -> str:
    found = report.found
    text = report.words(
        "The network is right for {accuracy} of {count} test images it never saw in training "
        "(95% interval {low} to {high})."
    )
    low, high = found.interval
    return text.format(
        accuracy=percent(found.accuracy), count=f"{len(found.labels):,}", low=percent(low), high=percent(high)
    )


def recipe_table(report: RunReport) -> Table:
    """What was set, without what does nothing."""
    words, c = report.words, report.config
    schedule = words("none: the rate stays") if c.schedule is None else _choice(report, "schedule", c.schedule)
    activation = c.activation or Choice(network(c.model).activation)
    rows = [
        (words("Loss"), _choice(report, "loss", c.loss)),
        (words("Optimizer"), _choice(report, "optimizer", c.optimizer)),
        (words("Schedule of the rate"), schedule),
        (words("Activation"), _choice(report, "activation", activation)),
        (words("Epochs"), number(c.epochs)),
        (words("Batch"), number(c.batch_size)),
        (words("Random seed"), str(c.seed)),
        (words("Validation share"), percent(c.validation_share, 0)),
    ]
    optional: tuple[tuple[str, object, object], ...] = (
        (words("Shift, pixels"), c.shift_pixels, 0),
        (words("Turn, degrees"), c.rotate_degrees, 0),
        (words("Noise"), c.noise, 0),
        (words("Dropout"), c.dropout, None),
        (words("L1 penalty"), c.l1, 0),
        (words("L2 penalty"), c.l2, 0),
        (words("Label smoothing"), c.label_smoothing, 0),
        (words("Largest length of the gradient"), c.clip_norm, None),
        (words("Stops after so many epochs without a better loss"), c.early_stopping_epochs, None),
        (words("Decay of the average"), c.weight_average, None),
        (words("Training images drawn anew"), c.resample, None),
        (words("Runs whose mistakes are drawn more often"), ", ".join(c.boost_on), ""),
        (words("Largest gradient of one image (privacy)"), c.private_clip, None),
        (words("Noise on the gradients (privacy)"), c.private_noise, 0),
        (words("Starts from the weights of run"), c.initial, None),
    )
    rows += [(name, f"{value}") for name, value, usual in optional if value != usual]
    return Table((words("Setting"), words("Value")), tuple(rows))


def data_blocks(report: RunReport) -> Iterator[Block]:
    """Where the images are from, how many there are, and what was done with them."""
    words, started = report.words, report.started
    sources = {
        "digits": words(
            "Handwritten digits of 13 people, from printed forms (Alpaydin and Kaynak 1998, UCI; in scikit-learn)."
        ),
        "mnist": words(
            "Handwritten digits, cut out, scaled and centred (LeCun, Bottou, Bengio and Haffner 1998, MNIST)."
        ),
        "fashion-mnist": words(
            "Pictures of clothes from a web shop (Xiao, Rasul and Vollgraf 2017, arXiv 1708.07747)."
        ),
    }
    yield Paragraph(sources[report.config.data])
    rows = [
        (words("Training images a whole epoch shows"), number(started.get("samples"))),
        (words("Validation images"), number(started.get("validation_samples"))),
        (words("Test images"), number(len(report.found.labels))),
        (words("Training images left out as faulty"), number(started.get("dropped_samples"))),
        (words("Pixels"), f"{SIDES[report.config.data]} × {SIDES[report.config.data]}"),
        (words("Classes"), words(", ").join(report.class_names())),
    ]
    yield Table((words("Data"), words("Value")), tuple(rows))
    yield Paragraph(
        words(
            "Blank, contradicting and repeated training images are left out, and those that are test images too. The "
            "validation images are set apart by a fixed draw; brightness is standardised with the mean and deviation "
            "of the training images alone. The test images take no part in training."
        )
    )


def result_table(report: RunReport) -> Table:
    words, found = report.words, report.found
    low, high = found.interval
    rows = [
        (
            words("Accuracy on the test images"),
            words("{accuracy} (95% interval {low} to {high})").format(
                accuracy=percent(found.accuracy), low=percent(low), high=percent(high)
            ),
        ),
        (words("Mistakes"), f"{int((found.predicted != found.labels).sum()):,} / {len(found.labels):,}"),
        (words("Log loss"), number(found.negative_log_likelihood)),
        (words("Mean AUC"), f"{found.macro_auc:.4f}"),
        (words("Calibration error (ECE, 15 bins)"), percent_points(found.calibration.expected_error, words)),
    ]
    if found.temperature is not None and found.calibrated is not None:
        at_its_bound = found.temperature < 1.01 * COLDEST
        sure = (
            words("{temperature}, its bound: the validation images hold no mistake")
            if at_its_bound
            else "{temperature}"
        )
        rows.append(
            (
                words("Temperature that fits the validation images"),
                sure.format(temperature=number(found.temperature)),
            )
        )
        rows.append((words("Calibration error with it"), percent_points(found.calibrated.expected_error, words)))
    return Table((words("Result"), words("Value")), tuple(rows))


def class_table(report: RunReport) -> Table:
    """Precision, recall with its interval, and F1 of each class."""
    words, scores = report.words, report.found.scores
    titles = (
        words("Class"),
        words("Precision"),
        words("Recall"),
        words("95% interval of the recall"),
        words("F1"),
        words("Images"),
    )
    rows = []
    for index, name in enumerate(report.class_names()):
        support = int(scores.support[index])
        if not support:
            rows.append((name, NONE, NONE, NONE, NONE, "0"))
            continue
        low, high = wilson_interval(round(float(scores.recall[index]) * support), support)
        rows.append(
            (
                name,
                percent(scores.precision[index]),
                percent(scores.recall[index]),
                f"{percent(low)} – {percent(high)}",
                percent(scores.f1[index]),
                f"{support:,}",
            )
        )
    return Table(titles, tuple(rows))


def confusions(report: RunReport) -> list[tuple[str, str, int, int]]:
    """The commonest mistakes: truth, answer, how often, of how many."""
    matrix = report.found.confusion * (1 - np.eye(len(report.found.confusion), dtype=np.int64))
    names = report.class_names()
    order = np.argsort(-matrix, axis=None, kind="stable")[:CONFUSIONS_SHOWN]
    found = []
    for truth, said in zip(*np.unravel_index(order, matrix.shape), strict=True):
        count = int(matrix[truth, said])
        if count:
            found.append((names[truth], names[said], count, int(report.found.confusion[truth].sum())))
    return found


def confusion_points(report: RunReport) -> Block:
    words = report.words
    text = words("{truth} is taken for {answer}: {count} of {all}.")
    told = tuple(
        text.format(truth=truth, answer=answer, count=count, all=f"{whole:,}")
        for truth, answer, count, whole in confusions(report)
    )
    return Points(told) if told else Paragraph(words("No image is taken for another class."))


def shift_blocks(report: RunReport) -> Iterator[Block]:
    """Accuracy on changed test images; nothing where it was not asked for."""
    if not report.shifts:
        return
    words = report.words
    names = {
        "rotation": words("Turned, degrees"),
        "noise": words("Noise, standard deviations"),
        "stroke": words("Strokes wider (+) or thinner (−), pixels"),
    }
    yield Heading(words("Changed images"))
    rows = [
        (names.get(kind, kind), f"{amount:g}".replace("-", "−"), percent(accuracy), f"{percent(low)} – {percent(high)}")
        for kind, values in report.shifts.items()
        for amount, accuracy, low, high in values
    ]
    yield Table((words("Change"), words("How much"), words("Accuracy"), words("95% interval")), tuple(rows))


def cost_table(report: RunReport) -> Table:
    words, cost = report.words, report.cost
    rows = [
        (words("Parameters"), number(report.network.parameters)),
        (words("FLOP of one answer"), number(report.network.forward_flops)),
        (words("Epochs trained"), f"{report.epochs_trained()} / {report.config.epochs}"),
    ]
    if cost is not None:
        rows += [
            (words("Images shown to the network"), number(round(cost.images))),
            (words("Arithmetic"), f"{scientific(cost.flops)} FLOP"),
            (words("Time"), f"{number(cost.seconds)} s"),
            (words("Measured utilisation (MFU)"), NONE if cost.mfu is None else percent(cost.mfu)),
            (words("Energy"), _energy(report, cost)),
        ]
    return Table((words("Cost"), words("Value")), tuple(rows))


def environment_table(report: RunReport) -> Table:
    words, e = report.words, report.environment
    names = {
        "device_name": words("Processor or accelerator"),
        "device": words("Device"),
        "threads": words("Threads"),
        "precision": words("Number format"),
        "torch": "PyTorch",
        "python": "Python",
        "system": words("System"),
    }
    rows = [(name, str(e[field])) for field, name in names.items() if field in e]
    return Table((words("Environment"), words("Value")), tuple(rows))


def _energy(report: RunReport, cost: RunCost) -> str:
    if cost.joules is None or cost.kwh is None:
        return report.words("not told by this machine")
    return f"{number(cost.joules)} J = {number(cost.kwh)} kWh"


def _choice(report: RunReport, field: str, choice: Choice) -> str:
    """A formula by its name with the settings that were typed."""
    row = trainable(field).get(choice.name)
    name = report.words(row.name) if row is not None else choice.name
    settings = ", ".join(f"{key} = {value:g}" for key, value in choice.settings.items())
    return f"{name} ({settings})" if settings else name
