"""Attacks on a phanbien server that runs on this machine, and what they cost everybody else."""
