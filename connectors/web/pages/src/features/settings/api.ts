import { api, pathOf, raw } from '@/api/client'
import type { components } from '@/api/schema'

type Schemas = components['schemas']
export type Target = Schemas['TargetFields']
export type Targets = Schemas['TargetsOut']
export type Hours = Schemas['HoursOut']
export type Year = Schemas['YearOut']
export type DayIn = Schemas['DayIn']
export type Rule = Schemas['RuleOut']
export type Shift = Schemas['ShiftOut']
export type PersonShifts = Schemas['PersonShiftsOut']
export type Template = Schemas['TemplateOut']
export type Terms = Schemas['TermsBody']
export type ComplaintTerms = Schemas['ComplaintTermsBody']
export type CallbackTerms = Schemas['CallbackTermsBody']
export type Place = Schemas['PlaceOut']

const at = (path: string, community: string): string => `${path}?community=${encodeURIComponent(community)}`

export const getTargets = (community: string) => api.get<Targets>('/clocks/targets', { community })
export const putTargets = (community: string | null, items: Target[]) => api.put<Targets>('/clocks/targets', { community, items })
export const getHours = (community: string) => api.get<Hours>('/clocks/hours', { community })
export const putHours = (body: Hours) => api.put<Hours>('/clocks/hours', body)
export const getYear = (year: number) => api.get<Year>('/clocks/calendar', { year })
export const putYear = (body: { year: number; source: string; days: DayIn[] }) => api.put<Year>('/clocks/calendar', body)

export const getRules = async (community: string): Promise<Rule[]> => (await api.get<Schemas['RulesOut']>('/dispatch/rules', { community })).rules
export const putRules = async (community: string, rules: Rule[]): Promise<Rule[]> => {
  const given = rules.map(({ mode_title: _, ...rule }) => rule)
  return (await api.put<Schemas['RulesOut']>('/dispatch/rules', { community, rules: given })).rules
}

export const getShifts = async (community: string): Promise<PersonShifts[]> => (await api.get<Schemas['ShiftsOut']>('/dispatch/shifts', { community })).items
export const putShifts = async (community: string, person_id: number, shifts: Shift[]): Promise<PersonShifts[]> =>
  (await api.put<Schemas['ShiftsOut']>('/dispatch/shifts', { community, person_id, shifts })).items
export const addLeave = (body: { community: string; person_id: number; from: string; to: string; reason: string }) => api.post<Schemas['LeaveOut']>('/dispatch/leaves', body)
export const removeLeave = async (id: number): Promise<void> => void (await raw('DELETE', '/dispatch/leaves' + pathOf(id), null))

export const getTemplate = (community: string, category: string) => api.get<Template>('/checklists' + pathOf(category), { community })
export const putTemplate = (community: string, { category, ...rest }: Template) => api.put<Template>('/checklists' + pathOf(category), { community, ...rest })

export const getTerms = (community: string) => api.get<Terms>('/work-orders/terms', { community })
export const putTerms = (community: string, body: Terms) => api.put<Terms>(at('/work-orders/terms', community), body)
export const getComplaintTerms = (community: string) => api.get<ComplaintTerms>('/complaints/terms', { community })
export const putComplaintTerms = (community: string, body: ComplaintTerms) => api.put<ComplaintTerms>(at('/complaints/terms', community), body)
export const getCallbackTerms = (community: string) => api.get<CallbackTerms>('/callbacks/terms', { community })
export const putCallbackTerms = (community: string, body: CallbackTerms) => api.put<CallbackTerms>(at('/callbacks/terms', community), body)

export const labelPlaces = async (community: string): Promise<Place[]> => (await api.get<{ items: Place[] }>('/labels/places', { community })).items
