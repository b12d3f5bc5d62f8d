/** A technician's open orders: the one in hand first, the rest as a queue. */
import { computed, ref } from 'vue'
import { ApiError, wordsOf } from '@/api/client'
import { onLive, onReopen } from '@/api/live'
import type { Order } from '@/api/types'
import { listOrders } from './api'
import { keep, newest, watchOrder } from './orderStore'
import { isOpen } from '@/shared/status'

const RANK = ['on_site', 'accepted', 'reopened', 'dispatched', 'suspended']
/** Work is in the technician's hand in these; what waits for others is not shown as a job. */
const IN_HAND = new Set(RANK)

function rank(order: Order): number {
  return RANK.indexOf(order.status)
}

export function useJobs() {
  const loaded = ref<Order[]>([])
  const error = ref('')
  const ready = ref(false)
  const unwatch: (() => void)[] = []

  const jobs = computed(() =>
    loaded.value
      .map(newest)
      .filter((order) => isOpen(order.status) && IN_HAND.has(order.status))
      .sort((a, b) => rank(a) - rank(b) || (a.promised_at ?? '9').localeCompare(b.promised_at ?? '9')),
  )

  async function load(): Promise<void> {
    try {
      const page = await listOrders({ mine: true, open: true, limit: 50 })
      page.items.forEach(keep)
      loaded.value = page.items
      unwatch.splice(0).forEach((stop) => stop())
      unwatch.push(...page.items.map((order) => watchOrder(order.number)))
      error.value = ''
    } catch (problem) {
      if (!(problem instanceof ApiError && problem.offline)) error.value = wordsOf(problem)
    } finally {
      ready.value = true
    }
  }

  function start(): () => void {
    void load()
    const stops = [onLive((event) => event.event === 'work_order' && void load()), onReopen(() => void load())]
    return () => [...stops, ...unwatch].forEach((stop) => stop())
  }

  return { jobs, error, ready, load, start }
}
