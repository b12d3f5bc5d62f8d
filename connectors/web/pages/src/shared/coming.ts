/** When somebody comes to an order, in words; nothing once they are there. */
import type { Order } from '@/api/types'
import { arrivalText, isLate, timeText } from './format'
import { isAwaited } from './status'

type Timed = Pick<Order, 'status' | 'promised_from' | 'promised_at' | 'suspended_until'>

/** 挂起到 明天 09:00 · 挂起中，继续的时间还没定 */
export const suspendedText = (until: string | null | undefined, now: Date): string =>
  until ? `挂起到 ${timeText(until, now)}` : '挂起中，继续的时间还没定'

export const isComingLate = (order: Timed, now: Date): boolean => isAwaited(order.status) && isLate(order.promised_at, now)

/** 今天 14:00–16:00 之间到 · 今天 14:00 前到，已超时 · 挂起到 明天 09:00; `exactly`: only the end of the time matters. */
export function comingText(order: Timed, now: Date, exactly = false): string {
  if (order.status === 'suspended') return suspendedText(order.suspended_until, now)
  if (!order.promised_at || !isAwaited(order.status)) return ''
  return arrivalText(exactly ? null : order.promised_from, order.promised_at, now) + (isComingLate(order, now) ? '，已超时' : '')
}
