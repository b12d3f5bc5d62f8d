/** What concerns a technician beside their own jobs: transfers that wait for their word, jobs they help with, free ones,
 * and what they have finished lately. */
import { ref, shallowRef } from 'vue'
import { session } from '@/api/session'
import type { Order } from '@/api/types'
import { keep } from '@/features/workorders/orderStore'
import { type Finished, finishedLately, getWork, helping, takeable, type Transfer } from './api'

export interface Incoming {
  order: Order
  transfer: Transfer
}

const MOST = 20
const GOING_ON = new Set(['dispatched', 'accepted', 'on_site', 'suspended'])

export function useSurroundings() {
  const incoming = shallowRef<Incoming[]>([])
  const mateJobs = shallowRef<Order[]>([])
  const free = shallowRef<Order[]>([])
  const finished = shallowRef<Finished[]>([])
  const ready = ref(false)

  async function loadShared(): Promise<void> {
    const mine = session.me?.id
    const shared = (await helping()).items.filter((order) => GOING_ON.has(order.status) && order.technician?.id !== mine).slice(0, MOST)
    shared.forEach(keep)
    const works = await Promise.all(shared.map((order) => getWork(order.number).catch(() => null)))
    incoming.value = shared.flatMap((order, at) => {
      const transfer = works[at]?.transfers.find((each) => each.may.includes('accept'))
      return transfer ? [{ order, transfer }] : []
    })
    mateJobs.value = shared.filter((_, at) => works[at]?.parts.includes('mate'))
  }

  async function loadFree(): Promise<void> {
    free.value = (await takeable()).items.filter((order) => order.status === 'triaged' && !order.technician)
  }

  async function loadFinished(): Promise<void> {
    finished.value = await finishedLately()
  }

  /** Offline: what was read stays. */
  async function load(): Promise<void> {
    await Promise.allSettled([loadShared(), loadFree(), loadFinished()])
    ready.value = true
  }

  return { incoming, mateJobs, free, finished, ready, load }
}
