import { api, pathOf } from '@/api/client'
import type { Order, OrderDetail, Page } from '@/api/types'

export interface OrderQuery {
  reporter?: number | string
  asset?: number | string
  finished_on?: string
  late?: boolean
  unassigned?: boolean
  outdoors?: boolean
  missed?: number | string
  total?: boolean
  can?: string
  status?: string
  category?: string
  urgency?: string
  technician?: string
  community?: string
  q?: string
  open?: boolean
  mine?: boolean
  sort?: string
  limit?: number
  cursor?: string
}

export interface Move {
  into?: string
  to: string
  note?: string
  version?: number
  technician?: number
}

const ORDERS = '/work-orders'
const orderPath = (number: string, ...rest: string[]) => ORDERS + pathOf(number, ...rest)

export const listOrders = (query: OrderQuery) => api.get<Page<Order>>(ORDERS, query)
export const getOrder = (number: string) => api.get<OrderDetail>(orderPath(number))
export const createOrder = (body: object, key: string) =>
  api.post<OrderDetail>(ORDERS, body, { headers: { 'Idempotency-Key': key } })
export const moveOrder = (number: string, move: Move) => api.post<OrderDetail>(orderPath(number, 'transitions'), move)
export const editOrder = (number: string, changes: object) => api.patch<OrderDetail>(orderPath(number), changes)
