"""Twelve invented people who keep a journal, and the therapists who read it: the people of `intersession-server demo`.

`stories` tell who they are, `histories` makes of a story what happened on which day, `playing` lets it happen on real
stores, and `__main__` talks to the server's process and goes on writing afterwards.
"""
