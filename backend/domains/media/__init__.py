"""Media 图片: uploads, kept once by content, treated as hostile."""
