"""Set-up and supervision of one machine. Standard library only, Python 3.9 or newer.

It runs before any environment exists, so nothing here imports another part of the project.
"""
