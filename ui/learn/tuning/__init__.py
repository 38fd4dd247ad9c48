"""The tuning half of its page: a search for a better recipe, and for the learning rate."""
