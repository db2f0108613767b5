"""Reading what other systems publish: bytes in, frozen rows and explained problems out.

Nothing here knows a database, a page or the clock. ``detect.read_any`` is the door; ``pncp``, ``contratosgov`` and
``spreadsheet`` are the readers behind it; ``rows`` is what they all give back; ``terms`` says when an agreement really
ends.
"""
