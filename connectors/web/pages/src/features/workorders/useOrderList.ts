/** The console's order list: filters live in the address, changes come in live and never move what the hand is on. */
import { computed, onUnmounted, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { onLive, onReopen } from '@/api/live'
import type { Order } from '@/api/types'
import { estate, inEstate } from '@/console/estate'
import { usePaged } from '@/shared/usePaged'
import { getOrder, listOrders } from './api'

export const FILTERS = ['status', 'category', 'urgency', 'technician', 'q', 'open', 'mine', 'late', 'unassigned', 'finished_on', 'asset', 'reporter'] as const
export type Filter = (typeof FILTERS)[number]

const PAGE = 50
const FLASH_MS = 2500

export function useOrderList() {
  const route = useRoute()
  const router = useRouter()
  /** The pointer is over the list: rows must not move now. */
  const held = ref(false)
  const fresh = ref(0)
  const flashing = ref(new Set<string>())

  const filters = computed(
    () => Object.fromEntries(FILTERS.flatMap((name) => (route.query[name] ? [[name, String(route.query[name])]] : []))) as Partial<Record<Filter, string>>,
  )
  const list = usePaged(fetchPage)
  const { items } = list

  async function fetchPage(cursor?: string) {
    const { open, mine, late, unassigned, ...rest } = filters.value
    const flags = { open: Boolean(open), mine: Boolean(mine), late: Boolean(late), unassigned: Boolean(unassigned), total: !cursor }
    const page = await listOrders({ ...rest, ...flags, community: estate.value, limit: PAGE, cursor })
    return { ...page, items: page.items.filter(inEstate) }
  }

  function setFilter(name: Filter, value: string | null | undefined): void {
    const query: Record<string, string> = { ...filters.value }
    if (value) query[name] = value
    else delete query[name]
    void router.replace({ path: '/orders', query })
  }

  function clearFilters(): void {
    void router.replace({ path: '/orders' })
  }

  function flash(number: string): void {
    flashing.value = new Set(flashing.value).add(number)
    setTimeout(() => {
      const rest = new Set(flashing.value)
      rest.delete(number)
      flashing.value = rest
    }, FLASH_MS)
  }

  /** Put a changed order in its row. */
  function replace(order: Order): void {
    const place = items.value.findIndex((each) => each.number === order.number)
    if (place < 0 || items.value[place]!.version > order.version) return
    items.value = items.value.map((each, at) => (at === place ? order : each))
    flash(order.number)
  }

  /** Take in what is new at the top. */
  async function takeFresh(): Promise<void> {
    fresh.value = 0
    const known = new Set(items.value.map((order) => order.number))
    const page = await fetchPage().catch(() => null)
    if (!page) return
    const added = page.items.filter((order) => !known.has(order.number))
    const changed = new Map(page.items.map((order) => [order.number, order]))
    items.value = [...added, ...items.value.map((order) => changed.get(order.number) ?? order)]
    list.total.value = page.total ?? null
    added.forEach((order) => flash(order.number))
  }

  let timer = 0
  const unknown = new Set<string>()

  async function onChange(number: string): Promise<void> {
    if (items.value.some((order) => order.number === number)) {
      const order = await getOrder(number).catch(() => null)
      if (order) replace(order)
      return
    }
    unknown.add(number)
    clearTimeout(timer)
    timer = window.setTimeout(() => {
      fresh.value += unknown.size
      unknown.clear()
      if (!held.value) void takeFresh()
    }, 300)
  }

  watch(held, (now) => !now && fresh.value > 0 && void takeFresh())
  watch(() => JSON.stringify(filters.value), () => void list.reload(), { immediate: true })
  const stops = [
    onLive((event) => event.event === 'work_order' && void onChange(event.data.number)),
    onReopen(() => void takeFresh()),
  ]
  onUnmounted(() => {
    clearTimeout(timer)
    stops.forEach((stop) => stop())
  })

  return { ...list, filters, setFilter, clearFilters, held, fresh, flashing, replace, takeFresh }
}
