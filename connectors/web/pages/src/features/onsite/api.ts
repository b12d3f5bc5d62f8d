/** The work on site: what is read. Everything that is written goes through the queue. */
import { api, pathOf } from '@/api/client'
import type { components } from '@/api/schema'
import type { Order, Page } from '@/api/types'

type Schemas = components['schemas']
export type Work = Schemas['WorkOut']
export type Costs = Schemas['CostsOut']
export type Quote = Schemas['QuoteOut']
export type ChecklistItem = Schemas['ChecklistItemOut']
export type Transfer = Schemas['TransferOut']
export type StockItem = Schemas['ItemOut']
export type Price = Schemas['PriceOut']

export type Colleague = Schemas['ColleagueOut']
export type Site = Schemas['SiteOut']
export type Finished = Schemas['FinishedOut']

export const orderPath = (number: string, ...rest: (string | number)[]): string => '/work-orders' + pathOf(number, ...rest)

export const getWork = (number: string) => api.get<Work>(orderPath(number, 'work'))
export const getCosts = (number: string) => api.get<Costs>(orderPath(number, 'costs'))
export const getSite = (number: string) => api.get<Site>(orderPath(number, 'site'))
export const getColleagues = (number: string) => api.get<Colleague[]>(orderPath(number, 'colleagues'))
export const helping = () => api.get<Page<Order>>('/work-orders/helping')
export const finishedLately = () => api.get<Finished[]>('/work-orders/finished')
export const takeable = () => api.get<Page<Order>>('/work-orders', { can: 'accepted' })
export const stockItems = (community: string, q = '') => api.get<Page<StockItem>>('/stock/items', { community, q, limit: 200 })
export const prices = (community: string) => api.get<{ items: Price[] }>('/stock/prices', { community })
export const sayPosition = (fix: object) => api.post<{ kept: boolean }>('/dispatch/position', fix)
