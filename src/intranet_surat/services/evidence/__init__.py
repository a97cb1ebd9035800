"""Evidence that outlives certificates: validation data, document timestamps, their renewal, and the daily anchors."""
