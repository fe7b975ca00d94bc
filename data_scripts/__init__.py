"""Fetch, verify and prepare the course's data sets; paint the stand-in."""
