"""Reads files of staff into blocks of text. Files are hostile until shown otherwise: see ``sandbox`` and ``kinds``."""
