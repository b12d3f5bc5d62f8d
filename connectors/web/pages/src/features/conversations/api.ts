import { api, pathOf, raw } from '@/api/client'
import type { Attachment, Conversation, History, Id, Message, Page, Reply } from '@/api/types'

export interface Said {
  message_id: Id
  replies: Reply[]
}

const ANSWER_LIMIT_MS = 45_000

/** The speaker's own conversation. */
export const say = (text: string, attachments: Attachment[], key: string) =>
  api.post<Said>(
    '/chat/messages',
    { text, ...(attachments.length ? { attachments: attachments.map(({ media_id }) => ({ media_id })) } : {}) },
    { headers: { 'Idempotency-Key': key }, timeoutMs: ANSWER_LIMIT_MS },
  )
export const history = (before?: Id, limit = 30) => api.get<History>('/chat/messages', { before, limit })

export async function upload(file: Blob, name: string): Promise<Attachment> {
  const form = new FormData()
  form.append('file', file, name)
  return (await (await raw('POST', '/media', form, { timeoutMs: 120_000 })).json()) as Attachment
}

/** Everybody's conversations, for staff. */
const one = (id: Id, ...rest: string[]) => '/conversations' + pathOf(id, ...rest)

export interface QueueQuery {
  queue: 'waiting' | 'mine' | 'all'
  q?: string
  community?: string
  limit?: number
  cursor?: string
}

export const listConversations = (query: QueueQuery) => api.get<Page<Conversation>>('/conversations', query)
export const getConversation = (id: Id) => api.get<Conversation>(one(id))
export const messagesOf = (id: Id, before?: Id, limit = 40) =>
  api.get<{ items: Message[]; next: string | null }>(one(id, 'messages'), { before, limit })
export const sayAsStaff = (id: Id, text: string, key: string) =>
  api.post<Message>(one(id, 'messages'), { text }, { headers: { 'Idempotency-Key': key } })
export const takeOver = (id: Id) => api.post<Conversation>(one(id, 'take-over'))
export const giveBack = (id: Id) => api.post<Conversation>(one(id, 'give-back'))
