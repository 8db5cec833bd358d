"""Where vectors are kept: in memory, in a folder, or by a Chroma server."""
