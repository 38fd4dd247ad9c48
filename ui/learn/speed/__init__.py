"""Views of the page about speed and size."""
