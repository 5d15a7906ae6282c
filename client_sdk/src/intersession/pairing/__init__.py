"""How a store and a practice come together."""
