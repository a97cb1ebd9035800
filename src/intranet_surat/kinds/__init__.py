"""What a letter says: the kinds of letters with their fields, and the checks on what is typed."""
