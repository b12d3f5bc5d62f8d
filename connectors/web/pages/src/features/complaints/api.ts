import { api, once, pathOf } from '@/api/client'
import type { components } from '@/api/schema'
import type { Choice, Page } from '@/api/types'

type Schemas = components['schemas']
export type Complaint = Schemas['ComplaintOut']
export type ComplaintDetail = Schemas['ComplaintDetail']
export type ComplaintStep = Schemas['ComplaintAllowedOut']
export interface ComplaintEnums {
  statuses: Choice[]
  kinds: Choice[]
  levels: Choice[]
}
export interface ComplaintQuery {
  status?: string
  level?: string
  community?: string
  order?: string
  q?: string
  open?: boolean
  late?: boolean
  mine?: boolean
  total?: boolean
  limit?: number
  cursor?: string
}

const COMPLAINTS = '/complaints'
const path = (number: string, ...rest: string[]) => COMPLAINTS + pathOf(number, ...rest)
let asked: Promise<ComplaintEnums> | null = null

export const listComplaints = (query: ComplaintQuery) => api.get<Page<Complaint>>(COMPLAINTS, query)
export const getComplaint = (number: string) => api.get<ComplaintDetail>(path(number))
export const fileComplaint = (body: object, key: string) => api.post<Complaint>(COMPLAINTS, body, once(key))
export const moveComplaint = (number: string, move: { to: string; note?: string; version?: number }) => api.post<ComplaintDetail>(path(number, 'transitions'), move)
export const answerComplaint = (number: string, text: string, version: number) => api.post<ComplaintDetail>(path(number, 'answers'), { text, version })
export const noteComplaint = (number: string, text: string, key: string) => api.post<ComplaintDetail>(path(number, 'notes'), { text }, once(key))

export function complaintEnums(): Promise<ComplaintEnums> {
  asked ??= api.get<ComplaintEnums>(`${COMPLAINTS}/enums`).catch((error: unknown) => {
    asked = null
    throw error
  })
  return asked
}
