"""Results to Plotly figures: pure functions that take `words` for their texts and leave colours to the page's theme."""
