"""Fetch, verify, paint and remove the course's data sets: ``python -m data_scripts``."""
