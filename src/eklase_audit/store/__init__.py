"""Entry times by observation: what dated exports held, kept as keyed hashes, and what follows from it."""
