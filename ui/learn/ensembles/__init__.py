"""The ensemble half of its page: several networks that answer together."""
