/** The work on the order that is on the screen, as the server knows it and as it will be once all is sent. */
import { computed, onUnmounted, type Ref, ref, shallowRef, watch } from 'vue'
import { ApiError, wordsOf } from '@/api/client'
import { onLive, onReopen } from '@/api/live'
import { keep, refresh } from '@/features/workorders/orderStore'
import { getOrder } from '@/features/workorders/api'
import type { Order, TimelineEvent } from '@/api/types'
import { supplementsOf } from './supplements'
import { type Colleague, type Costs, getColleagues, getCosts, getSite, getWork, type Site, type Work } from './api'
import { queue } from './queue'

const SOON_MS = 250
/** What was read last, so that a job opened in a cellar still has its checklist. */
const works = new Map<string, Work>()
const supplements = new Map<string, TimelineEvent[]>()
const sites = new Map<string, Site>()
const people = new Map<string, Colleague[]>()

export function useWork(number: Ref<string>) {
  const work = shallowRef<Work | null>(null)
  const costs = shallowRef<Costs | null>(null)
  /** What residents and the desk added since it was reported. */
  const added = shallowRef<TimelineEvent[]>([])
  const site = shallowRef<Site | null>(null)
  const colleagues = shallowRef<Colleague[] | null>(null)
  const error = ref('')
  let timer = 0

  async function load(): Promise<void> {
    const wanted = number.value
    try {
      const [found, paid, order] = await Promise.all([getWork(wanted), getCosts(wanted), getOrder(wanted)])
      works.set(wanted, found)
      supplements.set(wanted, supplementsOf(order.timeline))
      if (wanted !== number.value) return
      work.value = found
      costs.value = paid
      added.value = supplements.get(wanted) ?? []
      error.value = ''
    } catch (problem) {
      if (wanted === number.value && !(problem instanceof ApiError && problem.offline)) error.value = wordsOf(problem)
    }
  }

  /** The place and the colleagues: read once, so that they are there in a cellar. */
  async function loadAround(): Promise<void> {
    const wanted = number.value
    try {
      const [where, who] = await Promise.all([sites.get(wanted) ?? getSite(wanted), people.get(wanted) ?? getColleagues(wanted)])
      sites.set(wanted, where)
      people.set(wanted, who)
      if (wanted !== number.value) return
      site.value = where
      colleagues.value = who
    } catch {
      /* asked for again when a sheet needs it */
    }
  }

  /** Most answers say how things stand now; nothing flickers until the rest is read. */
  function take(answer: unknown): void {
    if (isWork(answer)) {
      works.set(answer.number, answer)
      work.value = answer
    } else if (isCosts(answer)) costs.value = answer
  }

  function soon(): void {
    clearTimeout(timer)
    timer = window.setTimeout(() => void load(), SOON_MS)
  }

  watch(
    number,
    () => {
      work.value = works.get(number.value) ?? null
      costs.value = null
      added.value = supplements.get(number.value) ?? []
      site.value = sites.get(number.value) ?? null
      colleagues.value = people.get(number.value) ?? null
      void load()
      void loadAround()
    },
    { immediate: true },
  )
  const stops = [
    onLive((event) => event.event === 'work_order' && event.data.number === number.value && soon()),
    onReopen(soon),
    queue.onSent((action, answer) => {
      if (isOrder(answer)) keep(answer)
      else void refresh(action.number)
      if (action.number !== number.value) return
      take(answer)
      soon()
    }),
  ]
  onUnmounted(() => {
    clearTimeout(timer)
    stops.forEach((stop) => stop())
  })

  const pending = computed(() => queue.actions.value.filter((action) => action.number === number.value))
  return { work, costs, added, site, colleagues, error, pending, loadAround }
}

const has = (answer: unknown, field: string): boolean => typeof answer === 'object' && answer !== null && field in answer
const isOrder = (answer: unknown): answer is Order => has(answer, 'allowed') && has(answer, 'version')
const isWork = (answer: unknown): answer is Work => has(answer, 'arrivals')
const isCosts = (answer: unknown): answer is Costs => has(answer, 'consented_fen')

/** Where the order will stand once everything is sent. */
export function statusSoon(number: string, status: string): string {
  return queue.actions.value.findLast((action) => action.number === number && action.becomes && action.state === 'waiting')?.becomes ?? status
}
