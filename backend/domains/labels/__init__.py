"""Labels 标签: a QR code on an order, a device or a public place, and what it opens for whoever scans it.

Its address ``/s/{token}`` says nothing by itself: an order asks for a log-in; a device or a place takes a report from
anybody, in limits; a technician takes the order, or sees what the device has had. live → revoked 作废.
"""
