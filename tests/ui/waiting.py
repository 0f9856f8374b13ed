"""How long the tests of windows wait for what they expect."""

PATIENCE = 60_000
"""Milliseconds after which it is taken not to come. A test that passes never waits for so long, however busy the
machine is; one that fails says so a minute later."""
