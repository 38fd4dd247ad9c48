"""Terms of compute: what training and serving a model takes, and what that is measured in."""

from ui.glossary.term import COMPUTE, Section, Term
from ui.language import N_

TRAINING, SERVING, OWNING, RECORD = "training-cost", "serving-cost", "rent-or-own", "track-record"
KAPLAN = "Kaplan et al. 2020, arXiv 2001.08361"
HOFFMANN = "Hoffmann et al. 2022, arXiv 2203.15556"
POPE = "Pope et al. 2022, arXiv 2211.05102"
HERE: Section = COMPUTE

TERMS = (
    Term(
        "parameter",
        HERE,
        N_("Parameter"),
        N_("One number that training adjusts; a model is the list of all of them."),
        TRAINING,
        "N",
    ),
    Term(
        "active_parameters",
        HERE,
        N_("Active parameters"),
        N_(
            "The parameters that one token passes through. They set the cost; a mixture of experts has many "
            "more in total."
        ),
        TRAINING,
        r"N_{\text{active}}\le N",
        "DeepSeek-V3, arXiv 2412.19437",
    ),
    Term(
        "token",
        HERE,
        N_("Token"),
        N_("A piece of text, about as long as a short word; models read, write and are billed in tokens."),
        TRAINING,
        "D",
    ),
    Term(
        "large_model",
        HERE,
        N_("Large model"),
        N_(
            "Here a model of a billion parameters or more, whose training is paid for in accelerator-hours rather "
            "than in patience."
        ),
        TRAINING,
    ),
    Term(
        "flop",
        HERE,
        N_("FLOP"),
        N_("One addition or multiplication of two numbers. Work is counted in FLOPs, speed in FLOP/s."),
        TRAINING,
        r"C=6\,N\,D",
        KAPLAN,
    ),
    Term(
        "accelerator",
        HERE,
        N_("Accelerator"),
        N_("A chip made for the arithmetic of neural networks, such as a GPU or a TPU."),
        TRAINING,
    ),
    Term(
        "accelerator_hour",
        HERE,
        N_("Accelerator-hour"),
        N_("One accelerator for one hour: the unit in which compute is rented."),
        TRAINING,
        r"\frac{6\,N\,D}{\text{peak}\cdot\mathrm{MFU}\cdot 3600}",
    ),
    Term(
        "peak_speed",
        HERE,
        N_("Peak speed"),
        N_(
            "The most operations a second that the maker states, for dense matrices; figures with sparsity are "
            "twice as high and never reached."
        ),
        TRAINING,
    ),
    Term(
        "mfu",
        HERE,
        N_("Model FLOPs utilisation (MFU)"),
        N_("The useful operations of the model as a share of what the accelerators could do at their peak."),
        TRAINING,
        r"\mathrm{MFU}=\frac{6\,N\,D}{\text{peak}\cdot\text{time}}",
        "Chowdhery et al. 2022, arXiv 2204.02311",
    ),
    Term(
        "goodput",
        HERE,
        N_("Goodput"),
        N_("The share of a run's time that really trains, after failures, restarts and saving."),
        TRAINING,
        r"\mathrm{MFU}_{\text{run}}=\mathrm{MFU}_{\text{step}}\cdot\text{goodput}",
        "Llama 3, arXiv 2407.21783",
    ),
    Term(
        "final_run",
        HERE,
        N_("Final run"),
        N_(
            "The one training run whose result is shipped: pre-training and post-training, without the experiments "
            "before it."
        ),
        TRAINING,
    ),
    Term(
        "all_compute",
        HERE,
        N_("All compute"),
        N_("The final run with the experiments, ablations and failed runs that came before it."),
        TRAINING,
    ),
    Term(
        "all_in",
        HERE,
        N_("All-in cost"),
        N_("All compute, other infrastructure, data and the people who build the model."),
        TRAINING,
        "",
        "Cottier et al. 2024, arXiv 2405.21015",
    ),
    Term(
        "pre_training",
        HERE,
        N_("Pre-training"),
        N_("The long first part of training, on raw text, in which most of the compute is spent."),
        TRAINING,
    ),
    Term(
        "post_training",
        HERE,
        N_("Post-training"),
        N_("What follows pre-training: learning from instructions, preferences and rewards."),
        TRAINING,
    ),
    Term(
        "fine_tuning",
        HERE,
        N_("Fine-tuning"),
        N_("Training an existing model a little further on data of one's own."),
        TRAINING,
    ),
    Term(
        "scaling_law",
        HERE,
        N_("Scaling law"),
        N_("A formula, fitted to many runs, for the loss that a number of parameters and tokens will reach."),
        TRAINING,
        r"L=E+\frac{A}{N^{\alpha}}+\frac{B}{D^{\beta}}",
        HOFFMANN,
    ),
    Term(
        "compute_optimal",
        HERE,
        N_("Compute-optimal"),
        N_(
            "The split of a budget between parameters and tokens that gives the least loss; serving costs argue for "
            "a smaller model."
        ),
        TRAINING,
        r"\frac{\alpha A}{N^{\alpha}}=\frac{\beta B}{D^{\beta}}",
        HOFFMANN,
    ),
    Term(
        "irreducible_loss",
        HERE,
        N_("Irreducible loss"),
        N_("The loss that remains whatever the size of model and data: text is not fully predictable."),
        TRAINING,
        "E",
        HOFFMANN,
    ),
    Term(
        "repeated_data",
        HERE,
        N_("Repeated data"),
        N_("Seeing the same tokens again. Up to about four times it teaches nearly as much as new ones."),
        TRAINING,
        "",
        "Muennighoff et al. 2023, arXiv 2305.16264",
    ),
    Term(
        "transformer",
        HERE,
        N_("Transformer"),
        N_("The architecture of today's language models: layers of attention and feed-forward."),
        TRAINING,
        "",
        "Vaswani et al. 2017, arXiv 1706.03762",
    ),
    Term(
        "attention",
        HERE,
        N_("Attention"),
        N_("The part in which every token looks at the ones before it and takes up what it needs."),
        TRAINING,
        r"\operatorname{softmax}\!\left(\frac{QK^{\top}}{\sqrt{d}}\right)V",
        "Vaswani et al. 2017, arXiv 1706.03762",
    ),
    Term(
        "mixture_of_experts",
        HERE,
        N_("Mixture of experts (MoE)"),
        N_(
            "A model with many feed-forward parts of which each token passes through a few: large to store, cheap "
            "to run."
        ),
        TRAINING,
        "",
        "DeepSeek-V3, arXiv 2412.19437",
    ),
    Term(
        "precision",
        HERE,
        N_("Number format"),
        N_(
            "How many bits a number has: BF16 has 16, FP8 has 8. Fewer are faster and take less memory, but round more."
        ),
        TRAINING,
    ),
    Term(
        "data_parallel",
        HERE,
        N_("Data parallelism"),
        N_("Every group of accelerators holds the whole model and trains on its own part of the batch."),
        TRAINING,
    ),
    Term(
        "tensor_parallel",
        HERE,
        N_("Tensor parallelism"),
        N_("Each matrix is split over several accelerators, which exchange results in every layer."),
        TRAINING,
        "",
        "Shoeybi et al. 2019, arXiv 1909.08053",
    ),
    Term(
        "pipeline_parallel",
        HERE,
        N_("Pipeline parallelism"),
        N_("Layers are dealt out to accelerators in a row; small batches follow each other through them."),
        TRAINING,
        "",
        "Narayanan et al. 2021, arXiv 2104.04473",
    ),
    Term(
        "sharding",
        HERE,
        N_("Sharding (ZeRO)"),
        N_(
            "Accelerators that train side by side share out the optimizer's memory, gradients and weights instead "
            "of each keeping a copy."
        ),
        TRAINING,
        "",
        "Rajbhandari et al. 2020, arXiv 1910.02054",
    ),
    Term(
        "checkpointing",
        HERE,
        N_("Activation recomputation"),
        N_("Forgetting intermediate results and computing them again in the backward pass: less memory for more work."),
        TRAINING,
        "",
        "Korthikanti et al. 2022, arXiv 2205.05198",
    ),
    Term(
        "inference",
        HERE,
        N_("Inference (serving)"),
        N_("Using a trained model to answer; paid for with every token, as long as the model is in use."),
        SERVING,
        r"2\,N",
    ),
    Term(
        "prefill",
        HERE,
        N_("Prefill"),
        N_("Reading the prompt: all its tokens at once, limited by arithmetic."),
        SERVING,
        "",
        POPE,
    ),
    Term(
        "decode",
        HERE,
        N_("Decode"),
        N_("Writing the answer token by token, limited by how fast the weights can be read from memory."),
        SERVING,
        "",
        POPE,
    ),
    Term(
        "kv_cache",
        HERE,
        N_("Key-value cache (KV cache)"),
        N_(
            "What attention keeps of every token so far, so that it need not be computed again; it grows with the "
            "context."
        ),
        SERVING,
        "",
        POPE,
    ),
    Term(
        "context",
        HERE,
        N_("Context"),
        N_("All tokens that the model sees at once: the prompt and what it has written so far."),
        SERVING,
    ),
    Term(
        "batch",
        HERE,
        N_("Batch"),
        N_("What is computed together: examples of one training step, or requests answered at once."),
        SERVING,
    ),
    Term("throughput", HERE, N_("Throughput"), N_("Tokens a second over all requests together."), SERVING),
    Term(
        "latency", HERE, N_("Latency"), N_("How long one user waits: for the first token, and between tokens."), SERVING
    ),
    Term(
        "roofline",
        HERE,
        N_("Roofline"),
        N_("The speed limit of a computation: either arithmetic or memory runs out first."),
        SERVING,
        r"\max\!\left(\frac{\text{FLOPs}}{\text{peak}},\frac{\text{bytes}}{\text{bandwidth}}\right)",
    ),
    Term(
        "pue",
        HERE,
        N_("Power usage effectiveness (PUE)"),
        N_("The electricity of the whole facility over that of its computers: cooling and losses on top."),
        OWNING,
    ),
    Term(
        "utilisation",
        HERE,
        N_("Utilisation of owned hardware"),
        N_("The share of all hours in which owned accelerators are in use; idle hours are paid for too."),
        OWNING,
    ),
)
