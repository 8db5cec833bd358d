"""onrecord for programs: an HTTP API, and tools for assistants (MCP)."""
