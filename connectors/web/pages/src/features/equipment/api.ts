import { api, pathOf } from '@/api/client'
import type { Choice, Equipment, Page } from '@/api/types'

const one = (id: number | string) => '/equipment' + pathOf(id)

export const listEquipment = (query: { q?: string; community?: string; kind?: string; limit?: number; cursor?: string }) =>
  api.get<Page<Equipment>>('/equipment', query)
export const getEquipment = (id: number | string) => api.get<Equipment>(one(id))
export const equipmentKinds = async (): Promise<Choice[]> => {
  const found = await api.get<Choice[] | { items: Choice[] }>('/equipment/kinds')
  return Array.isArray(found) ? found : found.items
}
export const addEquipment = (body: object) => api.post<Equipment>('/equipment', body)
export const editEquipment = (id: number, changes: object) => api.patch<Equipment>(one(id), changes)
