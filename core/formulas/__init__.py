"""Formulas of training, each with its derivative, its code and its PyTorch equivalent, as tables from id to row."""
