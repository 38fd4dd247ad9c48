"""The parts of the page that explains a trained network's answers."""
