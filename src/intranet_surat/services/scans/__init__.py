"""A scan of a signed paper against the print it came from: matching, aligning, comparing, and what was found."""
