"""Capital: who owns the company after each financing, and who is paid what when it is sold. Exact, in fractions."""
