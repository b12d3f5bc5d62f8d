/** What a resident reads and says about their orders, quotes and complaints. */
import { api, pathOf } from '@/api/client'
import type { components } from '@/api/schema'
import type { OrderDetail } from '@/api/types'
import type { Costs, Quote } from '@/features/onsite/api'

export type Complaint = components['schemas']['ComplaintDetail']
export type ComplaintStep = Complaint['allowed'][number]

export interface Reason {
  value: string
  title: string
  good: boolean
}

export const quotesWaiting = () => api.get<Quote[]>('/work-orders/quotes/waiting')
export const quotesOf = (number: string) => api.get<Quote[]>('/work-orders' + pathOf(number, 'quotes'))
export const decideQuote = (quote: Quote, accept: boolean, words?: string) =>
  api.post<Costs>('/work-orders' + pathOf(quote.number, 'quotes', quote.id, 'decision'), { accept, words: words || undefined })
export const ratingReasons = () => api.get<Reason[]>('/work-orders/rating-reasons')
export const rate = (number: string, body: { stars: number; words?: string; reasons: string[] }, key: string) =>
  api.post<OrderDetail>('/work-orders' + pathOf(number, 'rating'), body, { headers: { 'Idempotency-Key': key } })
export const getComplaint = (number: string) => api.get<Complaint>('/complaints' + pathOf(number))
export const moveComplaint = (number: string, to: string, note: string | undefined, version: number) =>
  api.post<Complaint>('/complaints' + pathOf(number, 'transitions'), { to, note, version })
