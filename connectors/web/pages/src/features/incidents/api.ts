import { api, once, pathOf } from '@/api/client'
import type { components } from '@/api/schema'
import type { Page } from '@/api/types'

type Schemas = components['schemas']
export type Incident = Schemas['IncidentOut']
export type IncidentDetail = Schemas['IncidentDetail']
export type Proposal = Schemas['ProposalOut']
export type IncidentEnums = Schemas['IncidentEnumsOut']
export type NewIncident = Schemas['IncidentIn']

const INCIDENTS = '/incidents'
const path = (number: string, ...rest: string[]) => INCIDENTS + pathOf(number, ...rest)

let asked: Promise<IncidentEnums> | null = null

export const listIncidents = (query: { state?: string; community?: string; limit?: number; cursor?: string }) => api.get<Page<Incident>>(INCIDENTS, query)
export const incidentProposals = async (): Promise<Proposal[]> => (await api.get<{ items: Proposal[] }>(`${INCIDENTS}/proposals`)).items
export const openIncident = (body: Partial<NewIncident>, key: string) => api.post<IncidentDetail>(INCIDENTS, body, once(key))
export const getIncident = (number: string) => api.get<IncidentDetail>(path(number))
export const addOrders = (number: string, orders: string[]) => api.post<IncidentDetail>(path(number, 'orders'), { orders })
export const removeOrder = (number: string, order: string) => api.remove<IncidentDetail>(path(number, 'orders', order))
export const tellAll = (number: string, body: { text: string; expected_at?: string }, key: string) => api.post<IncidentDetail>(path(number, 'updates'), body, once(key))
export const resolveIncident = (number: string, note: string) => api.post<IncidentDetail>(path(number, 'resolve'), { note })
export const closeIncident = (number: string) => api.post<IncidentDetail>(path(number, 'close'))

/** The states in the order in which an incident goes through them, and what can be one; fetched once. */
export function incidentEnums(): Promise<IncidentEnums> {
  asked ??= api.get<IncidentEnums>(`${INCIDENTS}/enums`).catch((error: unknown) => {
    asked = null
    throw error
  })
  return asked
}
