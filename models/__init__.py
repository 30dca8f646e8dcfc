"""Additive models: tables of contributions, and their files."""
