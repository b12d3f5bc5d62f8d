import type { Tone } from '@/shared/status'
import type { Callback } from './api'

export const isPending = (callback: Callback): boolean => callback.done_at === null

export function callbackTone(callback: Callback): Tone {
  if (callback.overdue) return 'danger'
  return callback.status === 'done' ? 'done' : callback.done_at ? 'off' : callback.status === 'unreachable' ? 'warn' : 'waiting'
}

/** Those that must be called soonest stand on top; what is over follows, newest first. */
export function inOrder(callbacks: readonly Callback[]): Callback[] {
  const rank = (each: Callback): number => (isPending(each) ? new Date(each.due_at).getTime() : Number.MAX_SAFE_INTEGER - new Date(each.done_at!).getTime())
  return [...callbacks].sort((a, b) => Number(!isPending(a)) - Number(!isPending(b)) || rank(a) - rank(b))
}
