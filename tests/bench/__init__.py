"""Measurements: ours beside the floor, in one run on one server."""
