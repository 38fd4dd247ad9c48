"""The parts of the page that judges a trained network."""
