"""A letter in one file that proves itself offline: written here, judged here and by a program of its own."""
