/** Joins messages from history, answers and live events into one list without doubles, oldest first. */
import type { Conversation, Message, MyConversation } from '@/api/types'

export function mergeMessages(have: readonly Message[], more: readonly Message[]): Message[] {
  const byId = new Map(have.map((message) => [message.id, message]))
  for (const message of more) byId.set(message.id, message)
  return [...byId.values()].sort((a, b) => a.at.localeCompare(b.at))
}

/** Events about one's own conversation hold only what its person may know; the desk's hold the person. */
export const isDesks = (talk: Conversation | MyConversation): talk is Conversation => 'person' in talk

export const shownText = (message: { label: string | null; text: string }): string => message.label ?? message.text
