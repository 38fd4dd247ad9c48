"""The rows of the catalogue of schedules, with their defaults in PyTorch."""

from core.formulas.schedules import rules
from core.formulas.schedules.row import MOST_STEPS, Schedule
from core.formulas.settings import Setting


def rate_setting(default: float = 0.1) -> Setting:
    return Setting("learning_rate", r"\alpha", default, 0, 10, "learning rate at its full height")


def whole(name: str, symbol: str, default: float, meaning: str, least: float = 1) -> Setting:
    return Setting(name, symbol, default, least, MOST_STEPS, meaning, whole=True)


FACTOR = Setting("factor", r"\gamma", 0.1, 0, 1, "what the rate is multiplied with")
FLOOR = Setting("floor", r"\alpha_{\min}", 0, 0, 10, "lowest rate")
_UNTIL = whole("until", "w", 5, "steps of the start")
_START = Setting("start", "s", 1 / 3, 0.001, 1, "share of the rate at the first step")
_MOMENTA = (
    Setting("most_momentum", r"\mu_{\max}", 0.95, 0, 0.9999, "momentum while the rate is low"),
    Setting("least_momentum", r"\mu_{\min}", 0.85, 0, 0.9999, "momentum while the rate is high"),
)
_ONE_CYCLE_SETTINGS = (
    rate_setting(1.0),
    Setting("rising", "p", 0.3, 0, 1, "share of the run in which the rate rises"),
    Setting("rise", "D", 25, 1, 1e6, "highest rate over the first"),
    Setting("fall", "F", 1e4, 1, 1e9, "first rate over the last"),
    *_MOMENTA,
)
_ONE_CYCLE_PYTORCH = (
    "torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr={{learning_rate}}, total_steps={{total_steps}},"
    " pct_start={{rising}}, anneal_strategy='{}', div_factor={{rise}}, final_div_factor={{fall}},"
    " max_momentum={{most_momentum}}, base_momentum={{least_momentum}})"
)
_ONE_CYCLE_SOURCE = "Smith and Topin 2019, arXiv 1708.07120; torch.optim.lr_scheduler.OneCycleLR"
_TORCH = "torch.optim.lr_scheduler."
ROWS = (
    Schedule(
        "constant",
        "Constant",
        "Steady",
        r"\alpha_t = \alpha",
        (rate_setting(),),
        rules.constant,
        _TORCH + "LambdaLR(optimizer, lambda step: 1.0)",
        "torch.optim.lr_scheduler.LambdaLR",
    ),
    Schedule(
        "low_start",
        "Low start",
        "Warm-up",
        r"\alpha_t = \alpha\,(\gamma \text{ if } t < w \text{ else } 1)",
        (rate_setting(), Setting("factor", r"\gamma", 1 / 3, 0, 1, "share of the rate at the start"), _UNTIL),
        rules.low_start,
        _TORCH + "ConstantLR(optimizer, factor={factor}, total_iters={until:.0f})",
        "torch.optim.lr_scheduler.ConstantLR",
    ),
    Schedule(
        "warm_up",
        "Linear warm-up",
        "Warm-up",
        r"\alpha_t = \alpha\left(s + (1-s)\min(t/w, 1)\right)",
        (rate_setting(), _START, _UNTIL),
        rules.warm_up,
        _TORCH + "LinearLR(optimizer, start_factor={start}, total_iters={until:.0f})",
        "Goyal et al. 2017, arXiv 1706.02677, section 2.2; torch.optim.lr_scheduler.LinearLR",
    ),
    Schedule(
        "step",
        "Step",
        "Falling",
        r"\alpha_t = \alpha\,\gamma^{\lfloor t/k\rfloor}",
        (rate_setting(), FACTOR, whole("period", "k", 10, "steps between two cuts")),
        rules.step,
        _TORCH + "StepLR(optimizer, step_size={period:.0f}, gamma={factor})",
        "torch.optim.lr_scheduler.StepLR",
    ),
    Schedule(
        "multi_step",
        "Multi-step",
        "Falling",
        r"\alpha_t = \alpha\,\gamma^{[t\ge a]+[t\ge b]}",
        (
            rate_setting(),
            FACTOR,
            whole("first", "a", 10, "step of the first cut"),
            whole("second", "b", 20, "step of the second cut"),
        ),
        rules.multi_step,
        _TORCH + "MultiStepLR(optimizer, milestones=[{first:.0f}, {second:.0f}], gamma={factor})",
        "torch.optim.lr_scheduler.MultiStepLR",
    ),
    Schedule(
        "exponential",
        "Exponential",
        "Falling",
        r"\alpha_t = \alpha\,\gamma^t",
        (rate_setting(), Setting("factor", r"\gamma", 0.95, 0, 1, "what the rate is multiplied with")),
        rules.exponential,
        _TORCH + "ExponentialLR(optimizer, gamma={factor})",
        "torch.optim.lr_scheduler.ExponentialLR",
    ),
    Schedule(
        "polynomial",
        "Polynomial",
        "Falling",
        r"\alpha_t = \alpha\,(1 - t/T)^p",
        (rate_setting(), Setting("power", "p", 1, 0, 10, "power of the fall; 1 is a straight line")),
        rules.polynomial,
        _TORCH + "PolynomialLR(optimizer, total_iters={total_steps}, power={power})",
        "torch.optim.lr_scheduler.PolynomialLR",
    ),
    Schedule(
        "cosine",
        "Cosine",
        "Falling",
        r"\alpha_t = \alpha_{\min} + \tfrac12(\alpha-\alpha_{\min})(1+\cos(\pi t/T))",
        (rate_setting(), FLOOR),
        rules.cosine,
        _TORCH + "CosineAnnealingLR(optimizer, T_max={total_steps}, eta_min={floor})",
        "Loshchilov and Hutter 2017, arXiv 1608.03983, equation 5; torch.optim.lr_scheduler.CosineAnnealingLR",
    ),
    Schedule(
        "cosine_restarts",
        "Cosine with warm restarts",
        "Cycles",
        r"\alpha_t = \alpha_{\min} + \tfrac12(\alpha-\alpha_{\min})(1+\cos(\pi t_i/k_i)),\quad k_{i+1} = q\,k_i",
        (
            rate_setting(),
            FLOOR,
            whole("period", "k_0", 10, "steps of the first period"),
            Setting("longer", "q", 1, 1, 10, "each period's length over the last one's", whole=True),
        ),
        rules.restarts,
        _TORCH + "CosineAnnealingWarmRestarts(optimizer, T_0={period:.0f}, T_mult={longer:.0f}, eta_min={floor})",
        "Loshchilov and Hutter 2017, arXiv 1608.03983, equation 5",
    ),
    Schedule(
        "one_cycle",
        "One cycle",
        "Cycles",
        r"\alpha/D \nearrow \alpha \text{ over } pT,\quad \alpha \searrow \alpha/(DF),\ \text{half cosine waves}",
        _ONE_CYCLE_SETTINGS,
        rules.one_cycle,
        _ONE_CYCLE_PYTORCH.format("cos"),
        _ONE_CYCLE_SOURCE,
        "The momentum falls while the rate rises.",
        rules.one_cycle_momentum,
    ),
    Schedule(
        "one_cycle_straight",
        "One cycle, straight lines",
        "Cycles",
        r"\alpha/D \nearrow \alpha \text{ over } pT,\quad \alpha \searrow \alpha/(DF),\ \text{straight lines}",
        _ONE_CYCLE_SETTINGS,
        rules.one_cycle_straight,
        _ONE_CYCLE_PYTORCH.format("linear"),
        _ONE_CYCLE_SOURCE,
        "The momentum falls while the rate rises.",
        rules.one_cycle_straight_momentum,
    ),
    Schedule(
        "cyclic",
        "Cyclic",
        "Cycles",
        r"\alpha_t = \alpha_{\min} + (\alpha-\alpha_{\min})\,h_t\,c^{\,n_t},\quad h_t \text{ a triangle from 0 to 1}",
        (
            rate_setting(),
            Setting("low", r"\alpha_{\min}", 0.001, 0, 10, "lowest rate"),
            whole("up", "u", 2000, "steps up"),
            whole("down", "d", 2000, "steps down"),
            Setting(
                "cycle_factor",
                "c",
                1,
                0.01,
                1,
                "height of each cycle over the last one's; PyTorch's triangular2 is 0.5",
            ),
            Setting("most_momentum", r"\mu_{\max}", 0.9, 0, 0.9999, "momentum while the rate is low"),
            Setting("least_momentum", r"\mu_{\min}", 0.8, 0, 0.9999, "momentum while the rate is high"),
        ),
        rules.cyclic,
        _TORCH
        + "CyclicLR(optimizer, base_lr={low}, max_lr={learning_rate}, step_size_up={up:.0f}, step_size_down={down:.0f},"
        " scale_fn=lambda cycle: {cycle_factor} ** (cycle - 1),"
        " base_momentum={least_momentum}, max_momentum={most_momentum})",
        "Smith 2017, arXiv 1506.01186, section 3; torch.optim.lr_scheduler.CyclicLR",
        momentum_rule=rules.cyclic_momentum,
    ),
    Schedule(
        "inverse_root",
        "Inverse square root",
        "Warm-up",
        r"\alpha_t = \alpha\min\left(\frac{t+1}{w}, \sqrt{\frac{w}{t+1}}\right)",
        (rate_setting(), _UNTIL),
        rules.inverse_root,
        _TORCH + "LambdaLR(optimizer, lambda step: min((step + 1) / {until}, ({until} / (step + 1)) ** 0.5))",
        "Vaswani et al. 2017, arXiv 1706.03762, equation 3, with its peak at the learning rate",
    ),
    Schedule(
        "noam",
        "Noam",
        "Warm-up",
        r"\alpha_t = \alpha\,d^{-1/2}\min\left((t+1)^{-1/2}, (t+1)\,w^{-3/2}\right)",
        (
            rate_setting(1.0),
            whole("width", "d", 512, "width of the model"),
            whole("until", "w", 4000, "steps of the start"),
        ),
        rules.noam,
        _TORCH + "LambdaLR(optimizer, lambda step: {width} ** -0.5"
        " * min((step + 1) ** -0.5, (step + 1) * {until} ** -1.5))",
        "Vaswani et al. 2017, arXiv 1706.03762, equation 3",
    ),
    Schedule(
        "warm_up_cosine",
        "Warm-up, then cosine",
        "Warm-up",
        r"\alpha_t = \alpha\left(s + (1-s) t/w\right) \text{ for } t < w,"
        r"\ \text{then cosine to } \alpha_{\min} \text{ at } T",
        (rate_setting(), _START, _UNTIL, FLOOR),
        rules.warm_up_cosine,
        _TORCH + "SequentialLR(optimizer, [torch.optim.lr_scheduler.LinearLR(optimizer, start_factor={start},"
        " total_iters={until:.0f}), torch.optim.lr_scheduler.CosineAnnealingLR(optimizer,"
        " T_max={total_steps} - {until:.0f}, eta_min={floor})], milestones=[{until:.0f}])",
        "torch.optim.lr_scheduler.SequentialLR",
    ),
    Schedule(
        "warm_up_stable_decay",
        "Warm-up, stable, decay",
        "Warm-up",
        r"\alpha_t = \alpha\min\left(\frac{t+1}{w}, 1, \frac{T-t}{qT}\right)",
        (rate_setting(), _UNTIL, Setting("decay_share", "q", 0.2, 0, 1, "share of the run in which the rate falls")),
        rules.warm_up_stable_decay,
        _TORCH + "LambdaLR(optimizer, lambda step: max(0, min((step + 1) / {until}, 1,"
        " ({total_steps} - step) / max({decay_share} * {total_steps}, 1))))",
        "Hu et al. 2024, arXiv 2404.06395, section 4, with a straight fall to 0",
    ),
)
