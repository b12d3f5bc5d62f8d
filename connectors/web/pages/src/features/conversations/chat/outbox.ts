/** What the person said and the server has not yet confirmed: kept across reloads, each sent with one key. */
import { reactive, watch } from 'vue'
import { ApiError, wordsOf } from '@/api/client'
import type { Attachment, Said } from '@/api/types'
import { newKey } from '@/shared/newKey'
import { readStored, writeStored } from '@/shared/storage'
import { say } from '../api'

export interface Pending {
  key: string
  text: string
  label: string | null
  attachments: Attachment[]
  state: 'queued' | 'sending' | 'failed'
  error: string
  at: string
  /** The server's message when it was seen before the answer came. */
  messageId: string | null
}

const storeName = (person: number) => `guanjia.outbox.${person}`

export function useOutbox(person: number, onAnswer: (item: Pending, said: Said) => Promise<void>) {
  const items = reactive<Pending[]>(
    readStored<Pending[]>(storeName(person), []).map((item) => ({
      ...item,
      state: item.state === 'failed' ? 'failed' : 'queued',
      messageId: null,
    })),
  )
  let flushing = false
  watch(items, () => writeStored(storeName(person), items), { deep: true })

  function add(text: string, label: string | null, attachments: Attachment[]): void {
    const at = new Date().toISOString()
    items.push({ key: newKey(), text, label, attachments, state: 'queued', error: '', at, messageId: null })
    void flush()
  }

  function retry(item: Pending): void {
    item.state = 'queued'
    item.error = ''
    void flush()
  }

  function drop(item: Pending): void {
    const place = items.indexOf(item)
    if (place >= 0) items.splice(place, 1)
  }

  async function flush(): Promise<void> {
    if (flushing) return
    flushing = true
    try {
      for (;;) {
        const item = items.find((each) => each.state === 'queued')
        if (!item || !navigator.onLine || !(await send(item))) return
      }
    } finally {
      flushing = false
    }
  }

  /** False when the network is gone and the rest must wait. */
  async function send(item: Pending): Promise<boolean> {
    item.state = 'sending'
    try {
      const said = await say(item.text, item.attachments, item.key)
      await onAnswer(item, said)
      drop(item)
    } catch (error) {
      if (error instanceof ApiError && error.offline) {
        item.state = 'queued'
        return false
      }
      item.state = 'failed'
      item.error = wordsOf(error)
    }
    return true
  }

  return { items, add, retry, drop, flush }
}
