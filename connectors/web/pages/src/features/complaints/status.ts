/** What a complaint waits for now. */
import type { Complaint } from './api'

/** Nobody has answered it, or the answer was refused. */
const UNANSWERED = new Set(['received', 'investigating', 'refused'])

export const isUnanswered = (complaint: Complaint): boolean => UNANSWERED.has(complaint.status)

/** The deadline that comes next; null when nothing has to be done by the desk. */
export function nextDue(complaint: Complaint): { title: string; at: string } | null {
  if (!isUnanswered(complaint)) return null
  return complaint.replied_at ? { title: '答复', at: complaint.answer_by } : { title: '先回复', at: complaint.reply_by }
}
