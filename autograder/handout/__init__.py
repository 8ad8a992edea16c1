"""What students get: solutions out, stubs in, nothing secret in what goes out."""
