/** The one table of status colours. A tone is a pair of CSS variables (see tokens.css); words always stand beside it. */

export type Tone = 'info' | 'waiting' | 'active' | 'warn' | 'danger' | 'done' | 'off'

const STATUS_TONES: Record<string, Tone> = {
  reported: 'info',
  triaged: 'info',
  dispatched: 'waiting',
  accepted: 'active',
  on_site: 'active',
  finished: 'waiting',
  accepted_by_owner: 'done',
  closed: 'done',
  suspended: 'warn',
  reopened: 'warn',
  cancelled: 'off',
  merged: 'off',
}

const URGENCY_TONES: Record<string, Tone> = { emergency: 'danger', high: 'warn', normal: 'off', low: 'off' }

export const ENDED = new Set(['accepted_by_owner', 'closed', 'cancelled', 'merged'])

const AWAITED = new Set(['reported', 'triaged', 'dispatched', 'accepted', 'reopened'])

/** Somebody is still to come: before they are there, and not while the work is put off. */
export const isAwaited = (status: string): boolean => AWAITED.has(status)

/** Nothing can be added or corrected any more (the server refuses). */
const CLOSED = new Set(['closed', 'cancelled', 'merged'])

export const isClosed = (status: string): boolean => CLOSED.has(status)

/** Steps that need more than words: who does the work, or which order to join. They are made in the console. */
export const DESK_ONLY = new Set(['dispatched', 'merged'])

export function statusTone(status: string): Tone {
  return STATUS_TONES[status] ?? 'info'
}

export function urgencyTone(urgency: string): Tone {
  return URGENCY_TONES[urgency] ?? 'off'
}

export function isOpen(status: string): boolean {
  return !ENDED.has(status)
}
