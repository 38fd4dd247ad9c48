"""The training loop as text: only the lines that a config asks for."""

from core.formulas.optimizers import optimizer
from core.formulas.schedules import schedule
from core.formulas.settings import Choice
from core.reports.training_script.data import augments
from core.reports.training_script.formulas import MATRICES, VECTORS_RATE
from core.runs import networks
from core.runs.training_config import TrainingConfig

_SEEN = '''
def seen(part, shape):
    """A piece of the vector in its parameter's shape; kernels lie with their channels last."""
    if len(shape) < 4:
        return part.view(shape)
    return part.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2)
'''
_VECTOR = '''
def pieces(vector, parameters):
    """The vector cut into views in the shapes of the parameters."""
    parts = vector.split([one.numel() for one in parameters])
    return [{view} for part, one in zip(parts, parameters)]


def laid_in_line(tensors):
    """Tensors, one a parameter, as one vector in float32."""
    return torch.cat([{laid} for one in tensors])
'''


def vector_code(config: TrainingConfig) -> str:
    """How all weights stand in one vector, so that a step is a few lines of arithmetic."""
    low = ".float()" if config.precision == "bfloat16" else ""
    if not config.channels_last:
        return _VECTOR.format(view="part.view(one.shape)", laid=f"one.reshape(-1){low}").strip()
    laid = f"(one.permute(0, 2, 3, 1) if one.ndim == 4 else one).reshape(-1){low}"
    return f"{_SEEN.strip()}\n\n\n{_VECTOR.format(view='seen(part, one.shape)', laid=laid).strip()}"


def layered_code(config: TrainingConfig) -> str | None:
    """A step layer by layer, where a layer's norm or shape counts; None where each weight steps by itself."""
    row, _ = optimizer(config.optimizer)
    if row.elementwise:
        return None
    rule, vectors = f"{row.id}_rule, MEMORY", ""
    if row.id == MATRICES:
        vectors = f"""
        if len(shape) == 1:  # biases take Adam's step
            its = {{**VECTORS_SETTINGS, "learning_rate": {VECTORS_RATE} * settings["learning_rate"]}}
            part, state = optimizer_step(vectors_rule, VECTORS_MEMORY, p, g, state, its)
            found.append(part)
            after.append(state)
            continue"""
    return f'''def layered_step(vector, gradient, states, settings, parameters):
    """One step, each layer as a matrix with a row an output."""
    sizes = [one.numel() for one in parameters]
    found, after = [], []
    for p, g, state, one in zip(vector.split(sizes), gradient.split(sizes), states, parameters):
        shape = one.shape if one.ndim == 1 else (one.shape[0], one.numel() // one.shape[0])
        p, g = p.view(shape), g.view(shape){vectors}
        part, state = optimizer_step({rule}, p, g, state, settings)
        found.append(part.reshape(-1))
        after.append(state)
    return torch.cat(found), after'''


def evaluation_code(config: TrainingConfig) -> str:
    found = f'''def standardised(pixels, mean, deviation):
    """Bytes from 0 to 255 as numbers with mean 0 and deviation 1 over the training images."""
    return (pixels.float() - mean) / deviation


def answers(network, pixels, mean, deviation):
    """Logits of images as they are."""
    network.eval()
    with torch.no_grad():
        images = [standardised(part, mean, deviation) for part in pixels.split(1000)]
        return torch.cat([network({_prepared(config, "one")}).float() for one in images])'''
    if _is_prepared(config):
        low = ".to(torch.bfloat16)" if config.precision == "bfloat16" else ""
        last = ".contiguous(memory_format=torch.channels_last)" if config.channels_last else ""
        text = 'def prepared(images):\n    """In the precision and the order in memory that the network computes in."""'
        found = f"{text}\n    return images{low}{last}\n\n\n{found}"
    return found


def main_code(config: TrainingConfig) -> str:
    parts = (_options, _images, _network, _optimizer, _epochs, _end)
    return 'def main():\n    """Trains, and says what came of it."""\n' + "\n".join(
        f"    {line}" if line else "" for part in parts for line in part(config)
    )


def _is_prepared(config: TrainingConfig) -> bool:
    return config.precision == "bfloat16" or config.channels_last


def _prepared(config: TrainingConfig, images: str) -> str:
    return f"prepared({images})" if _is_prepared(config) else images


def _options(config: TrainingConfig) -> list[str]:
    lines = [
        "parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)",
        'parser.add_argument("--threads", type=int, default=THREADS)',
        'parser.add_argument("--device", default=DEVICE)',
        'parser.add_argument("--save", metavar="FILE", help="where the trained weights go, e.g. weights.pt")',
    ]
    if config.data != "digits":
        lines.append('parser.add_argument("--root", default="data", help="the folder that the data set\'s is in")')
    if config.initial is not None:
        lines.append('parser.add_argument("--start", required=True, help="weights of the first run, *.safetensors")')
    root = "None" if config.data == "digits" else "options.root"
    return [
        *lines,
        "options = parser.parse_args()",
        "torch.set_num_threads(options.threads)",
        "device = torch.device(options.device)",
        "",
        f"(pixels, labels), (test_pixels, test_labels) = read_images({root})",
    ]


def _images(config: TrainingConfig) -> list[str]:
    drawn = config.resample == "bootstrap" and not config.boost_on
    return [
        "apart, learned = split(without_faults(pixels, labels, test_pixels))",
        "mean, deviation = brightness(pixels[learned])",
        *(["learned = learned[drawn_anew(len(learned))]"] if drawn else []),
        "validation_pixels, validation_labels = pixels[apart].to(device), labels[apart].to(device)",
        "pixels, labels = pixels[learned].to(device), labels[learned].to(device)",
        "batch = min(BATCH_SIZE, len(pixels))",
        "steps_an_epoch = len(pixels) // batch  # what fills no whole batch waits for the next epoch",
        "",
    ]


def _network(config: TrainingConfig) -> list[str]:
    low = config.precision == "bfloat16"
    layers = networks.network(config.model).layers
    normalised = low and any(isinstance(one, networks.Normalisation) for _, one in layers)
    lines = ["torch.manual_seed(SEED)"]
    if config.initial is None:
        lines.append("network = Network().to(device)")
    else:
        lines += [
            "network = Network()",
            "given, own = load_file(options.start), network.state_dict()",
            "fitting = {name: one for name, one in given.items() if name in own and own[name].shape == one.shape}",
            "network.load_state_dict(fitting, strict=False)",
        ]
        lines.append("network.to(device)")
    if config.channels_last:
        lines.append("network = network.to(memory_format=torch.channels_last)")
    if config.compile:
        lines.append("compiled = torch.compile(network)")
    lines += [
        "parameters = list(network.parameters())",
        "vector = laid_in_line([one.detach() for one in parameters])",
    ]
    if not low:
        lines += [
            "for one, part in zip(parameters, pieces(vector, parameters)):",
            "    one.data = part  # the network's weights are windows on the vector",
        ]
    else:
        kept = (
            "norms = [part for part in network.modules() if isinstance(part, nn.BatchNorm2d)]  # these stay in float32",
            "normalising = {id(one) for part in norms for one in part.parameters()}",
        )
        choice = "part if id(one) in normalising else low_part" if normalised else "low_part"
        lines += [
            "low = vector.to(torch.bfloat16)  # steps are taken in float32, the network computes with this copy",
            *(kept if normalised else ()),
            "for one, part, low_part in zip(parameters, pieces(vector, parameters), pieces(low, parameters)):",
            f"    one.data = {choice}",
        ]
    if config.l1 or config.l2:
        lines += [
            "is_weight = torch.cat([torch.full((one.numel(),), float(one.ndim > 1)) for one in parameters]).to(device)"
        ]
    if config.weight_average is not None:
        lines.append("average = vector.clone()")
    return [*lines, ""]


def _optimizer(config: TrainingConfig) -> list[str]:
    row, settings = optimizer(config.optimizer)
    lines = ["state = State(0, {})" if row.elementwise else "states = [State(0, {}) for _ in parameters]"]
    if config.schedule is not None:
        lines += ["total = steps_an_epoch * EPOCHS", "places = np.arange(total, dtype=np.float64)"]
        lines.append("rates = np.broadcast_to(rate_rule(places, total, SCHEDULE), places.shape)")
        if _moves_momentum(config.schedule) and _momenta(settings):
            lines.append("momenta = np.broadcast_to(scheduled_momentum(places, total, SCHEDULE), places.shape)")
    if _stops_early(config):
        lines.append("best_loss, epochs_without = math.inf, 0")
    return [*lines, "step = 0"]


def _epochs(config: TrainingConfig) -> list[str]:
    whole = "(SEED * 1_000_003 + epoch + 1) % 2**63"
    return [
        "for epoch in range(EPOCHS):",
        f"    torch.manual_seed({whole})",
        "    network.train()",
        "    order = torch.randperm(len(pixels)).to(device)",
        "    for place in range(0, steps_an_epoch * batch, batch):",
        *(f"        {line}" for line in _step(config)),
        *(f"    {line}" for line in _epoch_end(config)),
    ]


def _step(config: TrainingConfig) -> list[str]:
    row, settings = optimizer(config.optimizer)
    lines = ["index = order[place : place + batch]", "images = standardised(pixels[index], mean, deviation)"]
    if augments(config):
        lines.append("images = augmented(images, -mean / deviation)")
    network = "compiled" if config.compile else "network"
    lines += [
        f"logits = {network}({_prepared(config, 'images')}).float()",
        "loss = loss_function(logits, labels[index])",
        "gradient = laid_in_line(torch.autograd.grad(loss, parameters))",
    ]
    if config.l1:
        lines.append(f"gradient = gradient + {config.l1!r} * is_weight * vector.sign()")
    if config.l2:
        lines.append(f"gradient = gradient + {config.l2!r} * is_weight * vector")
    if config.clip_norm is not None:
        lines.append(f"gradient = gradient * ({config.clip_norm!r} / (gradient.norm() + 1e-6)).clamp(max=1.0)")
    now = "SETTINGS"
    if config.schedule is not None:
        moved = _momenta(settings) if _moves_momentum(config.schedule) else []
        extra = "".join(f', "{name}": float(momenta[step])' for name in moved)
        lines.append(f'settings = {{**SETTINGS, "learning_rate": float(rates[step]){extra}}}')
        now = "settings"
    if row.elementwise:
        lines.append(f"after, state = optimizer_step({row.id}_rule, MEMORY, vector, gradient, state, {now})")
    else:
        lines.append(f"after, states = layered_step(vector, gradient, states, {now}, parameters)")
    lines.append("vector.copy_(after)")
    if config.precision == "bfloat16":
        lines.append("low.copy_(vector)")
    if config.weight_average is not None:
        lines.append(f"average.lerp_(vector, 1 - min({config.weight_average!r}, (1 + step) / (10 + step)))")
    return [*lines, "step += 1"]


def _epoch_end(config: TrainingConfig) -> list[str]:
    """The validation images are answered with the averaged weights where there are."""
    if not config.validation_share:
        return ['print(f"epoch {epoch + 1} of {EPOCHS}")']
    averaged = config.weight_average is not None
    lines = ["trained = vector.clone()", *_written(config, "average")] if averaged else []
    lines += [
        "logits = answers(network, validation_pixels, mean, deviation)",
        "validation_loss = loss_function(logits, validation_labels).item()",
        "right = (logits.argmax(1) == validation_labels).float().mean().item()",
        'print(f"epoch {epoch + 1}: validation loss {validation_loss:.8f}, accuracy {right:.6f}")',
    ]
    if averaged:
        lines += _written(config, "trained")
    if _stops_early(config):
        lines += [
            "epochs_without = 0 if validation_loss < best_loss else epochs_without + 1",
            "best_loss = min(best_loss, validation_loss)",
            f"if epochs_without >= {config.early_stopping_epochs}:",
            "    break",
        ]
    return lines


def _stops_early(config: TrainingConfig) -> bool:
    return config.early_stopping_epochs is not None and config.validation_share > 0


def _written(config: TrainingConfig, vector: str) -> list[str]:
    return [f"vector.copy_({vector})", *(["low.copy_(vector)"] if config.precision == "bfloat16" else [])]


def _end(config: TrainingConfig) -> list[str]:
    vector = "average" if config.weight_average is not None else "vector"
    return [
        "",
        "trained = Network()  # judged in float32, whatever it was trained in",
        "names = [name for name, _ in network.named_parameters()]",
        f"weights = dict(zip(names, pieces({vector}, parameters))) | dict(network.named_buffers())",
        "trained.load_state_dict({name: one.cpu() for name, one in weights.items()})",
        "trained.eval()",
        "with torch.no_grad():",
        "    logits = torch.cat([trained(standardised(part, mean, deviation)) for part in test_pixels.split(1000)])",
        "accuracy = (logits.argmax(1) == test_labels).double().mean().item()",
        'print(f"test accuracy {accuracy:.6f} on {len(test_labels):,} images; the run got {RUN_ACCURACY}")',
        "if options.save:",
        "    torch.save(trained.state_dict(), options.save)",
    ]


def _moves_momentum(choice: Choice) -> bool:
    settings = {**choice.settings, "learning_rate": 1.0}
    return schedule(Choice(choice.name, settings))[0].momentum_rule is not None


def _momenta(settings: object) -> list[str]:
    """The optimizer's settings that such a schedule moves."""
    return [name for name in ("momentum", "beta1") if name in settings]  # type: ignore[operator]
