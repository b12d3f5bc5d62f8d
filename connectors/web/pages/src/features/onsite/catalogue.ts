/** What is in store and what work costs, of one estate: read once, kept on the phone for cellars. */
import { reactive } from 'vue'
import { readStored, writeStored } from '@/shared/storage'
import { queue } from './queue'
import { type Price, prices, type StockItem, stockItems } from './api'

interface Catalogue {
  items: StockItem[]
  prices: Price[]
  /** There are more items than fit; the rest is searched for on the server. */
  more: boolean
  ready: boolean
}

const known = reactive<Record<string, Catalogue>>({})
const key = (community: string) => `guanjia.catalogue.${community}`
const MOST_SHOWN = 8

/** What was used or brought back is not in store any more, or is again. */
const MOVES_STOCK = /\/materials(\/|$)/
queue.onSent((action) => {
  if (MOVES_STOCK.test(action.path)) Object.keys(known).forEach((community) => void load(community))
})

export function catalogueOf(community: string): Catalogue {
  if (!known[community]) {
    known[community] = readStored<Catalogue>(key(community), { items: [], prices: [], more: false, ready: false })
    void load(community)
  }
  return known[community]!
}

async function load(community: string): Promise<void> {
  const mine = known[community]!
  try {
    const [items, list] = await Promise.all([stockItems(community), prices(community)])
    Object.assign(mine, { items: items.items.filter((item) => item.active), prices: list.items, more: items.next !== null, ready: true })
    writeStored(key(community), mine)
  } catch {
    mine.ready = true
    setTimeout(() => delete known[community], 30_000)
  }
}

const fits = (words: string, ...names: string[]): boolean => names.some((name) => name.toLowerCase().includes(words))

export function findItems(all: Catalogue, words: string): StockItem[] {
  const wanted = words.trim().toLowerCase()
  return all.items.filter((item) => fits(wanted, item.name, item.code, ...item.aliases)).slice(0, MOST_SHOWN)
}

export function findPrices(all: Catalogue, words: string): Price[] {
  const wanted = words.trim().toLowerCase()
  return all.prices.filter((price) => fits(wanted, price.name, price.code, price.category)).slice(0, MOST_SHOWN)
}

/** The store of a large estate does not fit on the phone. */
export async function findMore(community: string, words: string): Promise<StockItem[]> {
  return (await stockItems(community, words)).items.slice(0, MOST_SHOWN)
}
