"""One module or folder per format; each renders one Report and decides nothing."""
