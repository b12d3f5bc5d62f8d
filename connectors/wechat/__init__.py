"""WeChat Official Account 微信公众号: its wire format (signatures, encryption, XML) to and from the backend's channel API."""
