"""What a model costs in FLOPs, accelerator-hours, energy and USD, and what loss that buys."""
