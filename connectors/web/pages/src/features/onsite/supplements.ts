/** What whoever goes there must know: words that were added to an order, not those of technicians. */
import type { TimelineEvent } from '@/api/types'

const TITLES = new Set(['补充', '联系电话'])
const MOST = 3

/** The latest of them, oldest first. */
export const supplementsOf = (timeline: readonly TimelineEvent[]): TimelineEvent[] =>
  timeline.filter((line) => line.kind === 'note' && TITLES.has(line.title) && line.text && line.actor.kind !== 'technician').slice(-MOST)
