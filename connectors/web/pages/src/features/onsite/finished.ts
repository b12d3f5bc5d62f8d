/** What was finished, by the day: today's first. */
import { today } from '@/shared/format'
import type { Finished } from './api'

export interface Day {
  title: string
  items: Finished[]
}

export function byDay(finished: readonly Finished[], now: Date): Day[] {
  const isToday = (each: Finished): boolean => today(new Date(each.finished_at)) === today(now)
  return [
    { title: '今天完成的', items: finished.filter(isToday) },
    { title: '昨天完成的', items: finished.filter((each) => !isToday(each)) },
  ].filter((day) => day.items.length)
}
