"""`python -m intersession`: the `intersession` command."""

from intersession.cli import main

main()
