/** Complaints named in the conversation: their numbers, and what is known of them. */
import { reactive } from 'vue'
import type { Message } from '@/api/types'
import { type Complaint, getComplaint } from './api'

const NUMBER = /\bTS-[A-Z]{2}\d{4}-\d{4,}/
const ANSWERS = /^\/(accept_answer|refuse_answer)\b/
const known = reactive(new Map<string, Complaint>())

export const isAnswerButton = (payload: string): boolean => ANSWERS.test(payload)

/** The complaint that a message of the company is about. */
export function complaintIn(message: Message): string | null {
  if (message.direction !== 'out') return null
  return NUMBER.exec(message.text)?.[0] ?? NUMBER.exec(message.buttons.map((button) => button.payload).join(' '))?.[0] ?? null
}

export const complaintOf = (number: string): Complaint | undefined => known.get(number)
export const keepComplaint = (found: Complaint): void => void known.set(found.number, found)

export async function loadComplaint(number: string): Promise<void> {
  try {
    keepComplaint(await getComplaint(number))
  } catch {
    /* another's, or offline: the words of the message stand without a card */
  }
}

