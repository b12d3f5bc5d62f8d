import { api } from '@/api/client'
import type { Page, Person } from '@/api/types'

export interface PeopleQuery {
  role?: string
  q?: string
  community?: string
  limit?: number
  cursor?: string
}

export const listPeople = (query: PeopleQuery) => api.get<Page<Person>>('/people', query)
