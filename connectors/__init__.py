"""Connectors: one package a channel, wire format to message and back, nothing else."""
