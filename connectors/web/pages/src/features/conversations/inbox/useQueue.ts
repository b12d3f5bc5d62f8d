/** The inbox queue: danger on top, then residents who wait longest, then waiting staff, then the latest. Rows keep still
 * under the pointer. */
import { onUnmounted, ref, watch } from 'vue'
import { onLive, onReopen } from '@/api/live'
import { session } from '@/api/session'
import type { Conversation } from '@/api/types'
import { estate, inEstate } from '@/console/estate'
import { usePaged } from '@/shared/usePaged'
import { listConversations, type QueueQuery } from '../api'
import { isDesks } from '../merge'

export type QueueName = QueueQuery['queue']

/** A colleague asks, no resident: marked as such and behind them. */
export const isStaff = (talk: Conversation): boolean => talk.person.standing !== 'resident'

export function sortQueue(items: readonly Conversation[]): Conversation[] {
  return [...items].sort(
    (a, b) =>
      Number(b.danger && b.waiting) - Number(a.danger && a.waiting) ||
      Number(b.waiting) - Number(a.waiting) ||
      (a.waiting ? Number(isStaff(a)) - Number(isStaff(b)) : 0) ||
      (a.waiting ? (a.waiting_since ?? '').localeCompare(b.waiting_since ?? '') : 0) ||
      (b.last_message?.at ?? '').localeCompare(a.last_message?.at ?? ''),
  )
}

const NAMES: readonly string[] = ['waiting', 'mine', 'all']

export function isQueueName(value: unknown): value is QueueName {
  return typeof value === 'string' && NAMES.includes(value)
}

export function useQueue(first: QueueName, words: string) {
  const queue = ref(first)
  const q = ref(words)
  const held = ref(false)
  let late = false
  let timer = 0

  const list = usePaged(async (cursor) => {
    const page = await listConversations({ queue: queue.value, q: q.value.trim(), community: estate.value, limit: 50, cursor })
    return { ...page, items: page.items.filter(inEstate) }
  })

  function belongs(talk: Conversation): boolean {
    if (q.value.trim()) return list.items.value.some((each) => each.id === talk.id)
    if (!inEstate(talk)) return false
    if (talk.person.standing === 'desk') return queue.value === 'mine' && talk.staff?.id === session.me?.id
    if (queue.value === 'waiting') return talk.waiting
    return queue.value === 'all' || talk.staff?.id === session.me?.id
  }

  /** Put a changed conversation in its place; while the pointer is on the list, only in its row. */
  function upsert(talk: Conversation): void {
    const have = list.items.value
    const known = have.some((each) => each.id === talk.id)
    if (held.value) {
      late = true
      if (known) list.items.value = have.map((each) => (each.id === talk.id ? talk : each))
      else if (belongs(talk)) list.items.value = [...have, talk]
      return
    }
    const rest = have.filter((each) => each.id !== talk.id)
    list.items.value = belongs(talk) ? sortQueue([...rest, talk]) : rest
  }

  watch(held, (now) => {
    if (now || !late) return
    late = false
    list.items.value = sortQueue(list.items.value.filter(belongs))
  })
  watch(queue, () => void reload(), { immediate: true })
  watch(q, () => {
    clearTimeout(timer)
    timer = window.setTimeout(reload, 250)
  })

  async function reload(): Promise<void> {
    await list.reload()
    list.items.value = sortQueue(list.items.value)
  }

  const stops = [onLive((event) => event.event === 'conversation' && isDesks(event.data) && upsert(event.data)), onReopen(() => void reload())]
  onUnmounted(() => {
    clearTimeout(timer)
    stops.forEach((stop) => stop())
  })

  return { ...list, reload, queue, q, held, upsert }
}
