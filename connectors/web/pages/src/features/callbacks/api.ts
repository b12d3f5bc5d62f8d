import { api, pathOf } from '@/api/client'
import type { components } from '@/api/schema'
import type { Choice, Page } from '@/api/types'

export type Callback = components['schemas']['CallbackOut']
export interface CallbackQuery {
  status?: string[]
  community?: string
  pending?: boolean
  overdue?: boolean
  mine?: boolean
  total?: boolean
  limit?: number
  cursor?: string
}

const CALLBACKS = '/callbacks'

export const listCallbacks = (query: CallbackQuery) => api.get<Page<Callback>>(CALLBACKS, query)
export const getCallback = (id: number | string) => api.get<Callback>(CALLBACKS + pathOf(id))
export const callbackOutcomes = () => api.get<Choice[]>(`${CALLBACKS}/outcomes`)
export const takeCallback = (id: number) => api.post<Callback>(CALLBACKS + pathOf(id, 'take'))
export const reportCallback = (id: number, body: { result: 'done' | 'unreachable'; outcome?: string; notes?: string }) => api.post<Callback>(CALLBACKS + pathOf(id, 'result'), body)
