/** Joins messages from history, answers and live events into one list without doubles, oldest first. */
import type { Message } from '@/api/types'

export function mergeMessages(have: readonly Message[], more: readonly Message[]): Message[] {
  const byId = new Map(have.map((message) => [message.id, message]))
  for (const message of more) byId.set(message.id, message)
  const places = new Map([...byId.keys()].map((id, place) => [id, place]))
  return [...byId.values()].sort(
    (a, b) => a.at.localeCompare(b.at) || idOrder(a.id, b.id) || places.get(a.id)! - places.get(b.id)!,
  )
}

function idOrder(a: string, b: string): number {
  const x = Number(a)
  const y = Number(b)
  return Number.isFinite(x) && Number.isFinite(y) ? x - y : 0
}

export const shownText = (message: { label: string | null; text: string }): string => message.label ?? message.text
