"""`python -m intersession`: the `intersession` command."""

from intersession.cli import main

if __name__ == "__main__":
    main()
