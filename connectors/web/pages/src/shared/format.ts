/** Times as people say them, always in the estate's zone. */

const ZONE = 'Asia/Shanghai'
const DAY_MS = 86_400_000
const parts = new Intl.DateTimeFormat('zh-CN', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  weekday: 'short',
  hourCycle: 'h23',
})

interface Moment {
  year: string
  month: string
  day: string
  weekday: string
  clock: string
  /** Days since the epoch in the estate's zone. */
  dayNumber: number
}

function momentOf(date: Date): Moment {
  const found = Object.fromEntries(parts.formatToParts(date).map((part) => [part.type, part.value]))
  const { year = '', month = '', day = '', weekday = '' } = found
  return {
    year,
    month,
    day,
    weekday,
    clock: `${found.hour}:${found.minute}`,
    dayNumber: Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS,
  }
}

/** 今天 14:05 · 昨天 09:00 · 明天 09:00 · 周六 11-28 09:00 (future) · 11-20 09:00 · 2025-11-20 09:00 */
export function timeText(iso: string | null | undefined, now = new Date()): string {
  if (!iso) return ''
  const then = momentOf(new Date(iso))
  const today = momentOf(now)
  const days = then.dayNumber - today.dayNumber
  if (days === 0) return `今天 ${then.clock}`
  if (days === -1) return `昨天 ${then.clock}`
  if (days === 1) return `明天 ${then.clock}`
  if (then.year !== today.year) return `${then.year}-${then.month}-${then.day} ${then.clock}`
  const date = `${then.month}-${then.day} ${then.clock}`
  return days > 0 ? `${then.weekday} ${date}` : date
}

/** 今天 14:00–16:00 · 今天 14:00 前 where the beginning is not known */
export function intervalText(from: string | null | undefined, until: string, now = new Date()): string {
  if (!from) return `${timeText(until, now)} 前`
  const [first, last] = [momentOf(new Date(from)), momentOf(new Date(until))]
  const end = first.dayNumber === last.dayNumber ? last.clock : timeText(until, now)
  return `${timeText(from, now)}–${end}`
}

/** 今天 14:00–16:00 之间到 · 今天 14:00 前到 where the beginning is not known */
export function arrivalText(from: string | null | undefined, until: string, now = new Date()): string {
  return `${intervalText(from, until, now)}${from ? ' 之间到' : '到'}`
}

/** The calendar day now in the estate's zone: 2026-11-25. */
export function today(now = new Date()): string {
  const { year, month, day } = momentOf(now)
  return `${year}-${month}-${day}`
}

/** For the title of an element: the whole time. */
export function fullTime(iso: string | null | undefined): string {
  if (!iso) return ''
  const then = momentOf(new Date(iso))
  return `${then.year}-${then.month}-${then.day} ${then.weekday} ${then.clock}`
}

/** How long since then: 刚刚 · 5 分钟 · 2 小时 10 分 · 3 天 */
export function elapsedText(iso: string | null | undefined, now = new Date()): string {
  if (!iso) return ''
  const minutes = Math.max(0, Math.floor((now.getTime() - new Date(iso).getTime()) / 60_000))
  if (minutes < 1) return '刚刚'
  if (minutes < 60) return `${minutes} 分钟`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 ? `${hours} 小时 ${minutes % 60} 分` : `${hours} 小时`
  return `${Math.floor(hours / 24)} 天`
}

/** How long somebody waits: 刚开始等 · 等了 5 分钟 */
export function waitText(since: string | null | undefined, now = new Date()): string {
  const elapsed = elapsedText(since, now)
  return elapsed === '刚刚' ? '刚开始等' : `等了 ${elapsed}`
}

export function isLate(promisedAt: string | null, now = new Date()): boolean {
  return promisedAt !== null && new Date(promisedAt).getTime() < now.getTime()
}

export function percent(value: number): string {
  return `${Math.round(value * 100)}%`
}

/** As people say a distance: 40 米 · 1.2 公里 */
export function distanceText(metres: number): string {
  return metres < 1000 ? `${Math.max(Math.round(metres / 10) * 10, 10)} 米` : `${(metres / 1000).toFixed(1)} 公里`
}
