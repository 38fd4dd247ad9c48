"""Deals: what one financing, listing or valuation comes to, each a noun of terms and one function of it."""
