import { api, ApiError, pathOf, raw } from '@/api/client'
import type { Attachment, Conversation, History, Message, Page, Said } from '@/api/types'
import type { Taken } from '@/shared/taken'

const ANSWER_LIMIT_MS = 45_000

/** The speaker's own conversation. */
export const say = (text: string, attachments: Attachment[], key: string) =>
  api.post<Said>(
    '/chat/messages',
    { text, ...(attachments.length ? { attachments: attachments.map(({ media_id }) => ({ media_id })) } : {}) },
    { headers: { 'Idempotency-Key': key }, timeoutMs: ANSWER_LIMIT_MS },
  )
export const history = (before?: string, limit = 30) => api.get<History>('/chat/messages', { before, limit })

const UNPROCESSABLE = 422

/** With what the phone says of a photo that it made small; a phone whose clock is wrong sends the photo alone. */
export async function upload(file: Blob, name: string, taken?: Taken | null): Promise<Attachment> {
  const form = new FormData()
  form.append('file', file, name)
  if (taken?.at) form.append('taken_at', taken.at)
  if (taken && taken.lat !== null && taken.lng !== null) form.append('position', `${taken.lat.toFixed(6)},${taken.lng.toFixed(6)}`)
  try {
    return (await (await raw('POST', '/media', form, { timeoutMs: 120_000 })).json()) as Attachment
  } catch (error) {
    if (taken && error instanceof ApiError && error.status === UNPROCESSABLE) return upload(file, name)
    throw error
  }
}

/** Everybody's conversations, for staff. */
const one = (id: string, ...rest: string[]) => '/conversations' + pathOf(id, ...rest)

export interface QueueQuery {
  queue: 'waiting' | 'mine' | 'all'
  q?: string
  community?: string
  limit?: number
  cursor?: string
}

export const listConversations = (query: QueueQuery) => api.get<Page<Conversation>>('/conversations', query)
export const getConversation = (id: string) => api.get<Conversation>(one(id))
export const messagesOf = (id: string, before?: string, limit = 40) =>
  api.get<{ items: Message[]; next: string | null }>(one(id, 'messages'), { before, limit })
export const sayAsStaff = (id: string, text: string, key: string) =>
  api.post<Message>(one(id, 'messages'), { text }, { headers: { 'Idempotency-Key': key } })
export const markRead = (id: string) => api.post<void>(one(id, 'read'))
export const takeOver = (id: string) => api.post<Conversation>(one(id, 'take-over'))
export const giveBack = (id: string) => api.post<Conversation>(one(id, 'give-back'))
