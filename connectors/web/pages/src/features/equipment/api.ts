import { api } from '@/api/client'
import type { Choice, Equipment, Page } from '@/api/types'

export const listEquipment = (query: { q?: string; community?: string; kind?: string; limit?: number; cursor?: string }) =>
  api.get<Page<Equipment>>('/equipment', query)
export const equipmentKinds = async (): Promise<Choice[]> => {
  const found = await api.get<Choice[] | { items: Choice[] }>('/equipment/kinds')
  return Array.isArray(found) ? found : found.items
}
export const addEquipment = (body: object) => api.post<Equipment>('/equipment', body)
