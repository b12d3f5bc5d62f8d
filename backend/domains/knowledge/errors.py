"""Problems of the knowledge base."""

from backend.kit.problems import Conflict, InvalidInput, NotFound, TooLarge, UnsupportedMedia


class NoSuchDocument(NotFound):
    """No document with this id in the person's estates."""

    type, title = "/problems/no-such-document", "No such document"
    default_detail = "没有找到这份文档，可能已经删除。"


class DocumentExists(Conflict):
    """The estate has a document of this file name; ``replace`` puts the new one into its place."""

    type, title = "/problems/document-exists", "Document exists"


class UnknownKind(UnsupportedMedia):
    """Not a kind of file that can be read."""

    type, title = "/problems/unknown-document-kind", "Unknown document kind"
    default_detail = "只支持 Markdown（.md、.txt）、Word（.docx）和 PDF 文件。"


class DocumentTooLarge(TooLarge):
    """Too many bytes, pages or characters."""

    type, title = "/problems/document-too-large", "Document too large"


class Unreadable(InvalidInput):
    """Damaged, encrypted, scanned, empty, or made to do harm; the detail says which and what to do."""

    type, title = "/problems/unreadable-document", "Unreadable document"
