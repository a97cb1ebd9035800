"""The verbs: what is done with letters; plain functions without request and response."""
