"""What the ten classes of a data set are called."""

from core.runs.training_config import Data
from ui.language import N_, words

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


def class_names(data: Data) -> list[str]:
    if data == "fashion-mnist":
        return [words(name) for name in CLOTHES]
    return [str(digit) for digit in range(10)]
