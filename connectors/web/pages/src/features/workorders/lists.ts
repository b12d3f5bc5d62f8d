/** What the lists of orders get from the backend beside the orders themselves. */
import { api, pathOf, raw } from '@/api/client'
import type { OrderQuery } from './api'

export interface Card {
  number: string
  community: string
  status: string
  status_title: string
  category_title: string
  urgency: string
  urgency_title: string
  place_text: string
  fault: string
  technician: { id: number; name: string } | null
  preferred_time: string | null
  promised_at: string | null
  late: boolean
  confirmation: 'pending' | 'confirmed' | null
  created_at: string
  updated_at: string
  version: number
}
export interface BoardColumn {
  status: string
  title: string
  count: number
  more: boolean
  items: Card[]
}
export interface Tally {
  open: number
  late: number
  urgency: string | null
}
export interface House extends Tally {
  number: string
  units: number
  floors: number
  cells: (Tally & { unit: string | null; floor: string | null })[]
}
export interface EstateMap {
  community: string
  buildings: House[]
  outside: Tally
}
export interface Load {
  id: number
  name: string
  phone: string | null
  skill_titles: string[]
  in_hand: Record<string, number>
  late: number
  finished_today: number
  current: Card | null
  next: Card | null
}
export interface SavedFilter {
  id: number
  name: string
  query: Record<string, string[]>
  own: boolean
  shared: boolean
  by: string
}
export interface BulkWanted {
  numbers: string[]
  action: 'dispatch' | 'cancel' | 'close' | 'urgency' | 'note'
  technician?: number
  urgency?: string
  note?: string
}
export interface BulkDone {
  id: number
  action: string
  results: { number: string; done: boolean; reason: string | null; status_title: string | null }[]
  undoable: string[]
}

const at = (...parts: (string | number)[]) => `/work-orders${pathOf(...parts)}`
const EXPORT_MS = 180_000
const BULK_MS = 120_000

export const countOrders = (query: OrderQuery) => api.get<{ total: number; more: boolean }>(at('count'), query)
export const getBoard = (query: OrderQuery & { ended: boolean }) => api.get<{ columns: BoardColumn[] }>(at('board'), query)
export const getMap = (community: string) => api.get<EstateMap>(at('map'), { community })
export const getCalendar = (query: { from: string; to: string; technician?: string; community?: string }) =>
  api.get<{ items: Card[]; more: boolean }>(at('calendar'), query)
export const getLoads = (community: string) => api.get<{ items: Load[]; waiting: number }>(at('technicians'), { community })

export const savedFilters = () => api.get<{ items: SavedFilter[] }>(at('filters'))
export const saveFilter = (body: { name: string; query: Record<string, string[]>; shared: boolean; community?: string }) =>
  api.post<SavedFilter>(at('filters'), body)
export const forgetFilter = (id: number) => api.remove<void>(at('filters', id))

export const changeSeveral = (wanted: BulkWanted, key: string) =>
  api.post<BulkDone>(at('bulk'), wanted, { headers: { 'Idempotency-Key': key }, timeoutMs: BULK_MS })
export const undoSeveral = (id: number) => api.post<BulkDone>(at('bulk', id, 'undo'), {}, { timeoutMs: BULK_MS })

/** The list as a spreadsheet, saved by the browser. */
export async function download(query: OrderQuery): Promise<void> {
  const response = await raw('GET', at('export.xlsx'), null, { query, timeoutMs: EXPORT_MS })
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('Content-Disposition') ?? '')?.[1]
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = name ? decodeURIComponent(name) : '工单.xlsx'
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
