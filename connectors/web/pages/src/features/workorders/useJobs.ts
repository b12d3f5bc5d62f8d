/** A technician's open orders: emergencies first, then the one in hand, the rest as a queue. */
import { computed, onUnmounted, ref, watch } from 'vue'
import { ApiError, wordsOf } from '@/api/client'
import { onLive, onReopen } from '@/api/live'
import type { Order } from '@/api/types'
import { useSurroundings } from '@/features/onsite/useSurroundings'
import { listOrders } from './api'
import { keep, newest, watchOrder } from './orderStore'
import { isOpen } from '@/shared/status'

const RANK = ['on_site', 'accepted', 'reopened', 'dispatched', 'suspended']
/** Work is in the technician's hand in these; what waits for others is not shown as a job. */
const IN_HAND = new Set(RANK)
const MOST = 200
/** Several things happen at once; the lists are read once. */
const SOON_MS = 300

export const isEmergency = (order: Order): boolean => order.urgency === 'emergency'

/** An emergency that is put off on purpose does not press; every other one comes before all routine work. */
const presses = (order: Order): boolean => isEmergency(order) && order.status !== 'suspended'

export function sortJobs(orders: readonly Order[]): Order[] {
  return orders
    .filter((order) => isOpen(order.status) && IN_HAND.has(order.status))
    .sort(
      (a, b) =>
        Number(presses(b)) - Number(presses(a)) ||
        RANK.indexOf(a.status) - RANK.indexOf(b.status) ||
        (a.promised_at ?? '9').localeCompare(b.promised_at ?? '9'),
    )
}

export function useJobs(onEmergency: () => void) {
  const loaded = ref<Order[]>([])
  const error = ref('')
  const ready = ref(false)
  const unwatch: (() => void)[] = []
  const around = useSurroundings()
  let timer = 0

  const jobs = computed(() => {
    const mine = new Set(loaded.value.map((order) => order.number))
    const others = around.mateJobs.value.filter((order) => !mine.has(order.number))
    return sortJobs([...loaded.value, ...others].map(newest))
  })

  watch(
    () => jobs.value.filter(presses).map((order) => order.number),
    (now, before) => now.some((number) => !before.includes(number)) && onEmergency(),
  )

  async function load(): Promise<void> {
    const beside = around.load()
    try {
      const page = await listOrders({ mine: true, open: true, limit: MOST })
      page.items.forEach(keep)
      loaded.value = page.items
      unwatch.splice(0).forEach((stop) => stop())
      unwatch.push(...page.items.map((order) => watchOrder(order.number)))
      error.value = ''
    } catch (problem) {
      if (!(problem instanceof ApiError && problem.offline)) error.value = wordsOf(problem)
    }
    await beside
    ready.value = true
  }

  function soon(): void {
    clearTimeout(timer)
    timer = window.setTimeout(() => void load(), SOON_MS)
  }

  onUnmounted(() => clearTimeout(timer))

  function start(): () => void {
    void load()
    const stops = [onLive((event) => event.event === 'work_order' && soon()), onReopen(soon)]
    return () => [...stops, ...unwatch].forEach((stop) => stop())
  }

  return { jobs, error, ready, load, start, incoming: around.incoming, free: around.free, finished: around.finished }
}
