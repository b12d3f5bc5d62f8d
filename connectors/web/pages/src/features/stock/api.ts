import { api, once, pathOf, raw } from '@/api/client'
import type { components } from '@/api/schema'
import type { Page } from '@/api/types'

type Schemas = components['schemas']
export type StockItem = Schemas['ItemOut']
export type Movement = Schemas['MovementOut']
export type Price = Schemas['PriceOut']
export type Imported = Schemas['ImportedOut']

const ITEMS = '/stock/items'

export const EXPORT = `${ITEMS}/export`
export const listItems = (query: { q?: string; community?: string; low?: boolean; limit?: number; cursor?: string }) => api.get<Page<StockItem>>(ITEMS, query)
export const getItem = (id: number | string) => api.get<StockItem>(ITEMS + pathOf(id))
export const addItem = (body: object) => api.post<StockItem>(ITEMS, body)
export const editItem = (id: number, changes: object) => api.patch<StockItem>(ITEMS + pathOf(id), changes)
export const listMovements = (id: number | string, query: { limit?: number; cursor?: string }) => api.get<Page<Movement>>(ITEMS + pathOf(id, 'movements'), query)
export const addMovement = (body: { item_id: number; kind: 'in' | 'adjust'; quantity: string; reason?: string }, key: string) => api.post<Movement>('/stock/movements', body, once(key))

export async function importItems(file: File, community: string): Promise<Imported> {
  const form = new FormData()
  form.set('file', file)
  form.set('community', community)
  return (await (await raw('POST', `${ITEMS}/import`, form, { timeoutMs: 120_000 })).json()) as Imported
}

export const listPrices = async (query: { q?: string; community?: string; all?: boolean }): Promise<Price[]> => (await api.get<{ items: Price[] }>('/stock/prices', query)).items
export const putPrice = (code: string, body: object) => api.put<Price>('/stock/prices' + pathOf(code), body)
