"""Plans and rooms in other forms, for other programs to take in."""
