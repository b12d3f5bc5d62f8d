"""QR labels 标签."""
