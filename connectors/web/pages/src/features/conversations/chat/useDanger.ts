/** The danger that is present: the newest one said, until it is over, its order has ended, or hours have passed. */
import { computed, type Ref, ref, watch } from 'vue'
import type { DangerCard, Message } from '@/api/types'
import { refresh, statusOf, watchOrder } from '@/features/workorders/orderStore'
import { now } from '@/shared/clock'
import { readStored, writeStored } from '@/shared/storage'

const SHOWN_MS = 6 * 3_600_000

export interface Danger {
  id: string
  card: DangerCard
  folded: boolean
}

/** The work is done or the order was cancelled. One that was merged goes on in the other order. */
const PAST = new Set(['finished', 'accepted_by_owner', 'closed', 'cancelled'])
const isPast = (status: string | undefined): boolean => status !== undefined && PAST.has(status)

export function useDanger(person: number, messages: Ref<Message[]>) {
  const key = `guanjia.safe.${person}`
  const foldedId = ref(readStored<string | null>(key, null))
  let unwatch = () => {}

  const newest = computed(() => {
    const found = messages.value.findLast((message) => message.card?.type === 'danger')
    if (!found || now.value.getTime() - new Date(found.at).getTime() > SHOWN_MS) return null
    return { id: found.id, card: found.card as DangerCard }
  })
  const danger = computed<Danger | null>(() => {
    const found = newest.value
    if (!found || found.card.over || isPast(statusOf(found.card.order_number))) return null
    return { ...found, folded: found.id === foldedId.value }
  })

  watch(
    () => newest.value?.card.order_number,
    (number) => {
      unwatch()
      unwatch = number ? watchOrder(number) : () => {}
      if (number) void refresh(number)
    },
  )

  function fold(id: string, folded: boolean): void {
    foldedId.value = folded ? id : null
    writeStored(key, foldedId.value)
  }

  return { danger, fold }
}
