"""Offline work: the demo world."""
