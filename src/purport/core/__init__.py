"""Plain data and pure functions that every room shares. No I/O."""
