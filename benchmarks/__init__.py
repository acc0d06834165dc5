"""What dealroom promises about its speed, measured."""
