"""Watches sources: notices what they publish, keeps it as it came, and knows what it missed.

`watch.py` has the whole of it on a page; `unread.py` reads what was taken.
"""

from purport.watching.watch import Lookout, Round, Watch, due

__all__ = ["Lookout", "Round", "Watch", "due"]
