"""Measuring: what became of people and of suggestions, each number with its uncertainty.

Functions of arrays and of a `training.history.History`; no room here reads a database, a clock or the state of a generator
that it was not given.
"""
