/** Calendar days in the estate's zone, as 2026-11-25. */
import { today } from './format'

const DAY_MS = 86_400_000
const WEEKDAYS = '日一二三四五六'
const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

const at = (day: string): Date => new Date(`${day}T00:00:00Z`)

export const addDays = (day: string, days: number): string => new Date(at(day).getTime() + days * DAY_MS).toISOString().slice(0, 10)

/** The Monday of a day's week. */
export const mondayOf = (day: string): string => addDays(day, -((at(day).getUTCDay() + 6) % 7))

/** The day of a moment. */
export const dayOf = (iso: string): string => (iso ? today(new Date(iso)) : '')

/** 周三 11-25 */
export const dayTitle = (day: string): string => `周${WEEKDAYS[at(day).getUTCDay()]} ${day.slice(5)}`

/** 14:05 */
export const clockOf = (iso: string): string => (iso ? clock.format(new Date(iso)) : '')
