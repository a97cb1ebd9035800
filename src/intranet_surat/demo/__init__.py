"""The demo regency: generated offices, positions, persons, keys and sample letters; nothing of it is real."""
