/** How a clock of an order stands, in words and a tone. */
import { intervalText, timeText } from '@/shared/format'
import type { Tone } from '@/shared/status'
import type { Clock, Promised } from './api'

export interface ClockWords {
  tone: Tone
  words: string
  /** Who heard of it when it was overdue. */
  told: string
}

const SAME_MS = 5 * 60_000

const PRECISE_H = 6

/** 20 分钟 · 2 小时 10 分 · 12 小时 · 3 天 4 小时: minutes matter only near the end */
function lasting(seconds: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / 60))
  if (minutes < 60) return `${minutes} 分钟`
  const hours = Math.floor(minutes / 60)
  if (hours < PRECISE_H && minutes % 60) return `${hours} 小时 ${minutes % 60} 分`
  const round = Math.round(minutes / 60)
  if (round < 24) return `${round} 小时`
  return round % 24 ? `${Math.floor(round / 24)} 天 ${round % 24} 小时` : `${Math.floor(round / 24)} 天`
}

export function clockWords(clock: Clock, now: Date): ClockWords {
  const told = clock.escalated_to ? `已通知${clock.escalated_to}` : ''
  if (clock.stopped_at) {
    const words = `${clock.breached ? '超时' : '按时'}，${timeText(clock.stopped_at, now)}`
    return { tone: clock.breached ? 'warn' : 'done', words, told }
  }
  if (clock.paused) return { tone: 'off', words: `暂停计时，还剩 ${lasting(clock.remaining_s)}`, told }
  if (clock.breached || clock.remaining_s < 0) return { tone: 'danger', words: `超时 ${lasting(clock.remaining_s)}`, told }
  const tone = new Date(clock.warn_at) <= now ? 'waiting' : 'info'
  return { tone, words: `还剩 ${lasting(clock.remaining_s)}${inHours(clock, now) ? '（工作时间）' : ''}`, told }
}

/** Its own time stands still outside business hours, so what is left is less than the clock on the wall says. */
const inHours = (clock: Clock, now: Date): boolean =>
  new Date(clock.due_at).getTime() - now.getTime() - clock.remaining_s * 1000 > SAME_MS

export function forecast(promised: Promised, now: Date): string {
  if (!promised.expected_until) return ''
  const told = promised.told_at ? `，${timeText(promised.told_at, now)} 已告诉业主` : ''
  return `可能晚到，新的预计 ${intervalText(promised.expected_from, promised.expected_until, now)}${told}`
}

export function kept(promised: Promised, now: Date): string {
  if (!promised.kept_at) return ''
  const late = new Date(promised.kept_at) > new Date(promised.until)
  return `${timeText(promised.kept_at, now)} 到了，${late ? '比答应的晚' : '按答应的时间'}`
}
