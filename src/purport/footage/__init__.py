"""Footage: what a media file states of itself, its fingerprints, where it was seen before, what is said in it.

Its modules are imported where they are needed, mostly in a worker process: together they take a second.
"""
