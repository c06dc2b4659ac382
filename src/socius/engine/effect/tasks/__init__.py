"""One module a question of the command line: `run(options, files)` gives the answer as it is printed with --json."""
