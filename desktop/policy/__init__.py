"""Agreements, criteria, clocks and retention rules: pure functions, no I/O but reading resources."""
