"""Stand-ins for the platforms, at the level of the wire."""
