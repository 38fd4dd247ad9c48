"""What the ten classes of a data set are called, in English; a page passes the names through its catalogue."""

from core.runs.training_config import Data


def N_(text: str) -> str:  # noqa: N802  gettext's own name for "translate later"
    """Marks a string for the catalogues."""
    return text


DIGITS = tuple(str(digit) for digit in range(10))
# Xiao, Rasul and Vollgraf 2017, arXiv 1708.07747, table 2
CLOTHES = (
    N_("T-shirt"),
    N_("Trousers"),
    N_("Pullover"),
    N_("Dress"),
    N_("Coat"),
    N_("Sandal"),
    N_("Shirt"),
    N_("Sneaker"),
    N_("Bag"),
    N_("Ankle boot"),
)


def class_names(data: Data) -> tuple[str, ...]:
    return CLOTHES if data == "fashion-mnist" else DIGITS
