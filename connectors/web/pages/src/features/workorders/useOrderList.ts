/** The console's order list: filters live in the address, changes come in live and never move what the hand is on. */
import { onUnmounted, ref, watch } from 'vue'
import { onLive, onReopen } from '@/api/live'
import type { Order } from '@/api/types'
import { inEstate } from '@/console/estate'
import { usePaged } from '@/shared/usePaged'
import { getOrder, listOrders } from './api'
import { countOrders } from './lists'
import { queryOf, useFilters } from './useFilters'

const PAGE = 50
const FLASH_MS = 2500

export function useOrderList() {
  /** The pointer is over the list: rows must not move now. */
  const held = ref(false)
  const fresh = ref(0)
  const flashing = ref(new Set<string>())
  /** Of all that fit; `more` when the backend stopped counting there. */
  const count = ref<{ total: number; more: boolean } | null>(null)
  const asked = useFilters('/orders')
  const { filters } = asked
  const list = usePaged(fetchPage)
  const { items } = list
  let counting = 0

  async function fetchPage(cursor?: string) {
    const page = await listOrders({ ...queryOf(filters.value), limit: PAGE, cursor })
    return { ...page, items: page.items.filter(inEstate) }
  }

  /** Counting takes longer than the first rows, so it does not hold them up. */
  async function recount(): Promise<void> {
    const mine = ++counting
    const found = await countOrders(queryOf(filters.value)).catch(() => null)
    if (mine === counting) count.value = found
  }

  async function reload(): Promise<void> {
    count.value = null
    void recount()
    await list.reload()
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

  /** Take in what is new: at the top where the list begins with the newest, else where it belongs. */
  async function takeFresh(): Promise<void> {
    fresh.value = 0
    const known = new Set(items.value.map((order) => order.number))
    const page = await fetchPage().catch(() => null)
    void recount()
    if (!page) return
    const sort = filters.value.sort?.[0] ?? 'newest'
    if (sort !== 'newest') {
      items.value = page.items
      list.next.value = page.next
      return
    }
    const added = page.items.filter((order) => !known.has(order.number))
    const changed = new Map(page.items.map((order) => [order.number, order]))
    items.value = [...added, ...items.value.map((order) => changed.get(order.number) ?? order)]
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
  watch(() => JSON.stringify(filters.value), () => void reload(), { immediate: true })
  const stops = [
    onLive((event) => event.event === 'work_order' && void onChange(event.data.number)),
    onReopen(() => void takeFresh()),
  ]
  onUnmounted(() => {
    clearTimeout(timer)
    stops.forEach((stop) => stop())
  })

  return { ...list, ...asked, reload, count, held, fresh, flashing, replace, takeFresh }
}
