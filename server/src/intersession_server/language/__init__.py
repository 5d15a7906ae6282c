"""The languages of the pages: the one a request is answered in, and the message catalogues."""
