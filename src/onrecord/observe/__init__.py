"""What those who run a server see of it: ids of requests, logs, metrics and traces."""
