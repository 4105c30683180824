"""Purport for machines: a server of the Model Context Protocol over standard input and output, which only reads.

questions.py   what may be asked, with its bounds
answers.py     what is answered, from the use cases of `app/`
quoting.py     words of others are marked as quoted, and made inert
server.py      the protocol
"""
