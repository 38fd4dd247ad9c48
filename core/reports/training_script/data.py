"""Reading, cleaning, splitting and augmenting the images, as text."""

from core.runs.estimates import FOLDERS
from core.runs.training_config import TrainingConfig

_DIGITS = '''
def read_images(root):
    """Scikit-learn's 1,797 digits of 8 x 8 pixels, in the order of their writers; the last 360 are the test images."""
    found = load_digits()
    pixels = torch.tensor(found.data * 15, dtype=torch.uint8).reshape(-1, 1, 8, 8)  # 0 to 16 becomes 0 to 240
    labels = torch.tensor(found.target, dtype=torch.long)
    return (pixels[:-360], labels[:-360]), (pixels[-360:], labels[-360:])
'''
_IDX = '''
def read_images(root):
    """The files that torchvision.datasets.{name}(root, download=True) leaves in root/{folder}/raw."""
    raw = Path(root) / "{folder}" / "raw"
    return [
        (
            torch.tensor(read_idx(raw / f"{{part}}-images-idx3-ubyte"))[:, None],
            torch.tensor(read_idx(raw / f"{{part}}-labels-idx1-ubyte"), dtype=torch.long),
        )
        for part in ("train", "t10k")
    ]


def read_idx(path):
    """An IDX file, packed or not: byte 3 is the number of axes, four bytes an axis its length, then the numbers."""
    content = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(path.name + ".gz").read_bytes())
    axes = content[3]
    shape = np.frombuffer(content, ">u4", axes, 4).astype(int)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape).copy()
'''
_CLEAN = '''
def without_faults(pixels, labels, test_pixels):
    """Places of the training images that are not blank, not labelled in two ways, no test images and no repetitions."""
    rows = [one.tobytes() for one in pixels.numpy()]
    tests = {one.tobytes() for one in test_pixels.numpy()}
    labels_of = {}
    for row, label in zip(rows, labels.tolist()):
        labels_of.setdefault(row, set()).add(label)
    kept, seen = [], set()
    for place, row in enumerate(rows):
        if len(set(row)) > 1 and len(labels_of[row]) == 1 and row not in tests and row not in seen:
            kept.append(place)
        seen.add(row)
    return np.array(kept)


def split(kept):
    """Validation and training places; they are the same for every seed, so that seeds can be compared."""
    shuffled = kept[np.random.default_rng(20_100).permutation(len(kept))]
    apart = min(round(VALIDATION_SHARE * len(kept)), len(kept) - 1)
    return torch.tensor(np.sort(shuffled[:apart])), torch.tensor(np.sort(shuffled[apart:]))


def brightness(pixels):
    """Mean and standard deviation of the training pixels, counted byte by byte."""
    counts = torch.bincount(pixels.flatten().long(), minlength=256).double()
    levels = torch.arange(256, dtype=torch.float64)
    mean = (counts @ levels / counts.sum()).item()
    variance = (counts @ (levels - mean) ** 2 / counts.sum()).item()
    return mean, max(variance, 1e-12) ** 0.5
'''
_DRAWN = '''
def drawn_anew(n):
    """As many places as there are images, drawn with replacement (bagging)."""
    generator = torch.Generator().manual_seed(2_000_003 + SEED)
    return torch.multinomial(torch.ones(n, dtype=torch.float64), n, replacement=True, generator=generator)
'''
_ROTATED = """
    n, side = len(images), images.shape[-1]
    radians = ((torch.rand(n, device=images.device) * 2 - 1) * {degrees!r} * (math.pi / 180)).view(-1, 1, 1)
    {moves}
    across = ((torch.arange(side, device=images.device) * 2 + 1) / side - 1).view(1, 1, side)
    down = across.view(1, side, 1)
    columns = radians.cos() * across - radians.sin() * down{across}
    rows = radians.sin() * across + radians.cos() * down{down}
    images = F.grid_sample(images - black, torch.stack([columns, rows], -1), align_corners=False) + black
"""
_MOVED = {
    "moves": "moves = ((torch.rand(n, 2, device=images.device) * 2 - 1) * {shift!r} * (2 / side)).view(-1, 2, 1, 1)",
    "across": " + moves[:, 0]",
    "down": " + moves[:, 1]",
}
_UNMOVED = {
    "moves": "torch.rand(n, 2, device=images.device)  # of moves that this run left out: later draws follow it",
    "across": "",
    "down": "",
}
_SHIFTED = """
    n, side, most = len(images), images.shape[-1], {shift!r}
    wide = side + 2 * most
    padded = F.pad(images, (most, most, most, most), value=black)
    corner = torch.randint(0, 2 * most + 1, (2, n), device=images.device)
    pixel = torch.arange(side, device=images.device)
    first = torch.arange(n, device=images.device) * wide * wide + corner[0] * wide + corner[1]
    index = first[:, None, None] + pixel[:, None] * wide + pixel
    images = padded.flatten().index_select(0, index.flatten()).view(n, 1, side, side)
"""
_NOISE = """
    images = images + {noise!r} * torch.randn_like(images)
"""


def data_code(config: TrainingConfig) -> list[str]:
    """Functions, each a text of its own."""
    reading = _DIGITS
    if config.data != "digits":
        reading = _IDX.format(name=FOLDERS[config.data], folder=FOLDERS[config.data])
    found = [reading, _CLEAN]
    if config.resample == "bootstrap" and not config.boost_on:
        found.append(_DRAWN)
    if augments(config):
        found.append(_augmentation(config))
    return [one.strip() for one in found]


def augments(config: TrainingConfig) -> bool:
    return bool(config.rotate_degrees or config.shift_pixels or config.noise)


def _augmentation(config: TrainingConfig) -> str:
    """Of a whole batch, with numbers of torch's own generator."""
    told, parts = [], []
    if config.rotate_degrees:
        told.append(f"turned by up to {config.rotate_degrees:g} degrees")
        moved = {name: text.format(shift=config.shift_pixels) for name, text in _MOVED.items()}
        parts.append(_ROTATED.format(degrees=config.rotate_degrees, **(moved if config.shift_pixels else _UNMOVED)))
    elif config.shift_pixels:
        parts.append(_SHIFTED.format(shift=config.shift_pixels))
    if config.shift_pixels:
        told.append(f"moved by up to {config.shift_pixels} pixels")
    if config.noise:
        told.append("with noise")
        parts.append(_NOISE.format(noise=config.noise))
    head = f'def augmented(images, black):\n    """Standardised images, each {", ".join(told)}, as chance has it."""'
    return head + "".join(one.rstrip() for one in parts) + "\n    return images"
