"""The model card of a trained network (Mitchell et al. 2019, arXiv 1810.03993): what it is, can do, and is not for."""

from collections.abc import Iterator

import numpy as np

from core.reports import run_report
from core.reports.document import Block, Heading, Paragraph, Points, Table, as_html, as_markdown
from core.reports.run_report import RunReport, number, percent, percent_points


def model_card(report: RunReport) -> str:
    """As Markdown."""
    return as_markdown(list(_blocks(report)))


def model_card_page(report: RunReport, language: str) -> str:
    """As one HTML page."""
    return as_html(list(_blocks(report)), _title(report), language.replace("_", "-"))


def _title(report: RunReport) -> str:
    return report.words("Model card: {network} on {data}").format(network=report.config.model, data=report.data_name())


def _blocks(report: RunReport) -> Iterator[Block]:
    words = report.words
    yield Heading(_title(report), 1)
    yield Paragraph(run_report.accuracy_sentence(report), strong=True)
    yield from _network(report)
    yield Heading(words("What it is for"))
    yield Points(_uses(report))
    yield Heading(words("What it must not be used for"))
    yield Points(_misuses(report))
    yield Heading(words("Data"))
    yield from run_report.data_blocks(report)
    yield Heading(words("Recipe"))
    yield run_report.recipe_table(report)
    yield Heading(words("Results"))
    yield run_report.result_table(report)
    yield run_report.class_table(report)
    yield Paragraph(words("The commonest mistakes:"))
    yield run_report.confusion_points(report)
    yield from run_report.shift_blocks(report)
    yield Heading(words("Limits"))
    yield Points(_limits(report))
    yield Heading(words("Cost and environment"))
    yield run_report.cost_table(report)
    yield run_report.environment_table(report)
    yield Paragraph(
        words("Made by Compute & Capital from the files of run {run} and its answers to the test images.").format(
            run=report.run
        )
    )


def _network(report: RunReport) -> Iterator[Block]:
    words, cost = report.words, report.network
    rows = [
        (words("Network"), report.config.model),
        (words("Layers with weights"), words(", ").join(one.name for one in cost.layers if one.parameters)),
        (words("Parameters"), number(cost.parameters)),
        (words("Input"), words("one grey image, bright on black, brightness 0 to 255, standardised inside")),
        (words("Output"), words("a score (logit) for each of ten classes; softmax turns them into probabilities")),
        (words("Run"), report.run),
    ]
    yield Table((words("What it is"), words("Value")), tuple(rows))


def _uses(report: RunReport) -> tuple[str, ...]:
    words = report.words
    return (
        words("Learning how networks are trained and judged, and comparing recipes on this data set."),
        words("Images made like the training images: one object, bright on black, cut out and centred alike."),
    )


def _misuses(report: RunReport) -> tuple[str, ...]:
    words = report.words
    if report.config.data == "fashion-mnist":
        own = words(
            "Sorting goods or judging people by what they wear: ten kinds of clothes of one shop say too little."
        )
    else:
        own = words(
            "Reading cheques, addresses, forms, examinations or medical records: a wrong digit there costs someone."
        )
    return (
        own,
        words("Any decision about a person."),
        words(
            "Pictures that are none of its classes: it knows no “none of these” and answers one of ten all the same."
        ),
        words("Photographs, colour, several objects at once, or other sizes than those it was trained on."),
    )


def _limits(report: RunReport) -> tuple[str, ...]:
    words, found = report.words, report.found
    scores, names = found.scores, report.class_names()
    weakest = int(np.where(scores.support > 0, scores.recall, np.inf).argmin())
    limits = [
        words("The interval is that of so many test images of the same source; on others it may do far worse."),
        words("Weakest class: {name}, of which {recall} are found.").format(
            name=names[weakest], recall=percent(scores.recall[weakest])
        ),
        words(
            "Its confidence is off by {error} on average (ECE): an answer given at 90% is not right 9 times in 10."
        ).format(error=percent_points(found.calibration.expected_error, words)),
        words("One seed was trained: another seed of the same recipe gives another network and another accuracy."),
    ]
    if not report.shifts:
        limits.append(
            words(
                "How it copes with turned or noisy images, or with other stroke widths, was not measured for this card."
            )
        )
    if report.config.private_noise:
        limits.append(
            words(
                "It was trained with noise for privacy (DP-SGD): how much that hides depends on the noise, the steps "
                "and the number of images."
            )
        )
    else:
        limits.append(words("It was trained without protection of privacy: its weights can tell who was in the data."))
    return tuple(limits)
