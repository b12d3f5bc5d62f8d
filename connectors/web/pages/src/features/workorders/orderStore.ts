/** Orders shown anywhere on this page, by number, in their newest known version. */
import { reactive } from 'vue'
import { onLive } from '@/api/live'
import type { Order } from '@/api/types'
import { getOrder } from './api'

const known = reactive(new Map<string, Order>())
const shown = new Map<string, number>()

export function newest(order: Order): Order {
  const mine = known.get(order.number)
  return mine && mine.version >= order.version ? mine : order
}

export function keep(order: Order): void {
  const mine = known.get(order.number)
  if (!mine || order.version >= mine.version) known.set(order.number, order)
}

/** Where an order stands as far as this page knows. */
export const statusOf = (number: string): string | undefined => known.get(number)?.status

/** A card is on the screen: live events about its order are followed while it is. */
export function watchOrder(number: string): () => void {
  shown.set(number, (shown.get(number) ?? 0) + 1)
  return () => {
    const left = (shown.get(number) ?? 1) - 1
    if (left > 0) shown.set(number, left)
    else shown.delete(number)
  }
}

export async function refresh(number: string): Promise<void> {
  try {
    keep(await getOrder(number))
  } catch {
    /* not readable any more or offline: the card keeps what it showed */
  }
}

export function refreshShown(): void {
  for (const number of shown.keys()) void refresh(number)
}

onLive((event) => {
  if (event.event !== 'work_order') return
  const { number, version } = event.data
  if (shown.has(number) && (known.get(number)?.version ?? 0) < version) void refresh(number)
})
