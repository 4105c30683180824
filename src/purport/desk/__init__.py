"""The desk: the ledger as pages and as JSON, for people in a browser and for programs. Thin, like the command line.

It asks `app` and what stands beside it for all it shows; it knows no SQL and no edges. Begin with `app.py`. Nothing is
imported here: the command line names the desk, and no other command should wait for a web framework to load.
"""
