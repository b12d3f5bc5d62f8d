/** A fresh Idempotency-Key. crypto.randomUUID exists only on https pages; inside an estate's network http is common. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
