"""When a round opens, reveals and closes; it knows no platform beyond the port it is given."""
