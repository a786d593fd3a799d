"""What lies in the example is collected where it belongs: in the copy of the program that it is added to."""

collect_ignore = ["example"]
