"""Figures for lectures and assignments."""
