"""`python -m morning_edition` is the command `morning-edition`."""

from morning_edition.cli import main

main()
