/** Filters of a list of orders: they live in the address, so that they can be kept, sent and gone back to. */
import { computed } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'
import { estate } from '@/console/estate'
import type { OrderQuery } from './api'

const SEVERAL = ['status', 'category', 'urgency', 'scope', 'source', 'building', 'unit', 'floor', 'technician'] as const
const FLAGS = ['open', 'mine', 'late', 'unassigned', 'outdoors'] as const
const SINGLE = ['q', 'finished_on', 'created_from', 'created_to', 'asset', 'reporter', 'missed', 'sort'] as const
export const FILTERS = [...SEVERAL, ...FLAGS, ...SINGLE] as const
export type Filter = (typeof FILTERS)[number]
export type Filters = Partial<Record<Filter, string[]>>

export const SORTS: { value: string; title: string }[] = [
  { value: 'newest', title: '最新报修' },
  { value: 'updated', title: '最近变动' },
  { value: 'promised', title: '答应时间' },
  { value: 'urgency', title: '紧急程度' },
]

const valuesOf = (query: LocationQuery, name: string): string[] => [query[name] ?? []].flat().flatMap((value) => (value ? [value] : []))

export function readFilters(query: LocationQuery): Filters {
  return Object.fromEntries(FILTERS.flatMap((name) => (valuesOf(query, name).length ? [[name, valuesOf(query, name)]] : []))) as Filters
}

/** What the backend is asked for. */
export function queryOf(filters: Filters): OrderQuery {
  const flags = Object.fromEntries(FLAGS.map((name) => [name, Boolean(filters[name])]))
  const single = Object.fromEntries(SINGLE.map((name) => [name, filters[name]?.[0]]))
  const several = Object.fromEntries(SEVERAL.map((name) => [name, filters[name]]))
  return { ...several, ...single, ...flags, community: estate.value } as OrderQuery
}

/** `base`: the address of the list without an order. */
export function useFilters(base: string) {
  const route = useRoute()
  const router = useRouter()
  const filters = computed(() => readFilters(route.query))
  /** Conditions, as opposed to how the list is shown. */
  const conditions = computed(() => Object.keys(filters.value).filter((name) => name !== 'sort').length)

  function setFilter(name: Filter, values: string[] | string | null | undefined): void {
    const query: Filters = { ...filters.value }
    const list = [values ?? []].flat().filter(Boolean)
    if (list.length) query[name] = list
    else delete query[name]
    void router.replace({ path: base, query })
  }

  function toggle(name: Filter, value: string): void {
    const now = filters.value[name] ?? []
    setFilter(name, now.includes(value) ? now.filter((each) => each !== value) : [...now, value])
  }

  function showOnly(query: Filters): void {
    void router.push({ path: base, query })
  }

  const clearFilters = (): void => void router.replace({ path: base, query: filters.value.sort ? { sort: filters.value.sort } : {} })

  return { filters, conditions, setFilter, toggle, showOnly, clearFilters }
}
