"""Keys, slots, objects and replies: every byte of cryptography is here and nowhere else."""
