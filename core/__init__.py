"""Compute & Capital: what a large model costs, who pays for it, and the mathematics behind both. No screen in here."""
