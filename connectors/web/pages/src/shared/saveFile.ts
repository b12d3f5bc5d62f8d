/** Saves what only a logged-in person may fetch, under its own name, or opens it in a tab of its own. */
import { raw } from '@/api/client'

async function blobUrl(path: string, query: object): Promise<string> {
  return URL.createObjectURL(await (await raw('GET', path, null, { query, timeoutMs: 120_000 })).blob())
}

export async function saveFile(path: string, query: object, name: string): Promise<void> {
  const link = document.createElement('a')
  link.href = await blobUrl(path, query)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
