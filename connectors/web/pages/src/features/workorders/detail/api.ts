/** What belongs to one order: its clocks, who could do it, the work on site, costs, judging, relations. */
import { api, pathOf, raw } from '@/api/client'
import type { components } from '@/api/schema'
import type { Order, OrderDetail } from '@/api/types'

type Schemas = components['schemas']
export type Clock = Schemas['ClockOut']
export type Promised = Schemas['PromiseOut']
export type Candidates = Schemas['CandidatesOut']
export type Candidate = Schemas['CandidateOut']
export type Work = Schemas['WorkOut']
export type Transfer = Schemas['TransferOut']
export type MediaAbout = Schemas['MediaAboutOut']
export type Costs = Schemas['CostsOut']
export type Together = NonNullable<Costs['together']>
export type CostLine = Schemas['CostLineOut']
export type Quote = Schemas['QuoteOut']
export type StockItem = Schemas['ItemOut']
export type Price = Schemas['PriceOut']
export type Custom = Schemas['CustomIn']
export type Charge = Schemas['Charge']

const at = (number: string, ...rest: (string | number)[]) => '/work-orders' + pathOf(number, ...rest)
const once = (key: string) => ({ headers: { 'Idempotency-Key': key } })
const remove = async <T>(path: string, query?: object): Promise<T> => {
  const answer = await raw('DELETE', path, null, { query })
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

export const clocksOf = (number: string) => api.get<Clock[]>(at(number, 'clocks'))
export const promiseOf = (number: string) => api.get<Promised | null>(at(number, 'promise'))
export const candidatesFor = (number: string) => api.get<Candidates>(at(number, 'candidates'))

export interface Step {
  to: string
  version?: number
  note?: string
  technician?: number
  into?: string
  reason_kind?: string
  until?: string
}
export const takeStep = (number: string, step: Step, key: string) => api.post<OrderDetail>(at(number, 'transitions'), step, once(key))
export const noteOn = (number: string, text: string, kind: 'note' | 'remark', key: string) =>
  api.post<OrderDetail>(at(number, 'notes'), { text, kind }, once(key))

export const workOn = (number: string) => api.get<Work>(at(number, 'work'))
export const withdrawTransfer = (number: string, id: number, key: string) =>
  api.post<void>(at(number, 'transfers', id, 'decision'), { decision: 'withdraw' }, once(key))
export const addMate = (number: string, person: number, key: string) => api.post<Work>(at(number, 'mates'), { person_id: person }, once(key))
export const removeMate = (number: string, person: number) => remove<void>(at(number, 'mates', person))
export const aboutMedia = (media: string) => api.get<MediaAbout>('/media' + pathOf(media, 'about'))

export const costsOf = (number: string) => api.get<Costs>(at(number, 'costs'))
export interface Wanted {
  item_id?: number
  words?: string
  price_code?: string
  custom?: Custom
  minutes?: number
  quantity?: string
  charge?: Charge
}
export const addMaterial = (number: string, wanted: Wanted, key: string) => api.post<Costs>(at(number, 'materials'), wanted, once(key))
export const addLabour = (number: string, wanted: Wanted, key: string) => api.post<Costs>(at(number, 'labour'), wanted, once(key))
/** Of material so much comes back into the store (all without a quantity); any other line is crossed out. */
export const giveBack = (number: string, line: number, quantity: string | undefined, key: string) =>
  api.post<Costs>(at(number, 'materials', line, 'return'), { quantity }, once(key))
export const letPay = (number: string, line: number, charge: Charge) => api.post<Costs>(at(number, 'costs', line, 'charge'), { charge })
export const quotesOf = (number: string) => api.get<Quote[]>(at(number, 'quotes'))
export const makeQuote = (number: string, lines: Wanted[], key: string) => api.post<Costs>(at(number, 'quotes'), { lines }, once(key))
export const stockItems = (community: string, q: string) =>
  api.get<{ items: StockItem[] }>('/stock/items', { community, q, limit: 20 }).then((page) => page.items)
export const prices = (community: string) => api.get<{ items: Price[] }>('/stock/prices', { community }).then((list) => list.items)

export const judgingOf = (number: string) => api.get<Schemas['JudgingOut']>(at(number, 'acceptance'))
export const ratingsOf = (number: string) => api.get<Schemas['RoundRatingOut'][]>(at(number, 'ratings'))
export const aroundWarranty = (number: string) => api.get<Schemas['AroundOut']>(at(number, 'after-warranty'))

export const relationsOf = (number: string) => api.get<Schemas['RelationsOut']>(at(number, 'relations'))
export const relate = (number: string, other: string, kind: string) => api.post<Schemas['RelationsOut']>(at(number, 'relations'), { number: other, kind })
export const unrelate = (number: string, other: string, kind: string) => remove<Schemas['RelationsOut']>(at(number, 'relations', other), { kind })
export interface Part {
  category: string
  fault: string
  urgency?: string
}
export const splitOrder = (number: string, parts: Part[], key: string) =>
  api.post<{ items: Order[] }>(at(number, 'splits'), { parts }, once(key)).then((made) => made.items)
export const unmerge = (number: string) => api.post<Order>(at(number, 'unmerge'))
export const leaveIncident = (incident: string, number: string) => remove<unknown>('/incidents' + pathOf(incident, 'orders', number))

export const labelPdf = async (number: string): Promise<Blob> =>
  (await raw('GET', '/labels/sheet.pdf', null, { query: { kind: 'order', ids: number, format: 'single' } })).blob()
