/** Quotes that were made to this person: what became of each, in words for whoever pays. */
import { reactive } from 'vue'
import { onLive, onReopen } from '@/api/live'
import { session } from '@/api/session'
import type { Message } from '@/api/types'
import type { Quote } from '@/features/onsite/api'
import type { Tone } from '@/shared/status'
import { yuan } from '@/shared/money'
import { quotesOf } from './api'

const ASKS = /^\/accept_quote(\{.*\})$/
/** What a bubble asks stays no question once it was answered. */
const QUESTION = /按这个价修吗？/
const SOON_MS = 300
const IN_FORCE = new Set(['open', 'accepted', 'declined'])
const known = reactive(new Map<string, Quote[]>())
const asked = new Set<string>()
const changed = new Set<string>()
let timer = 0
let following = false

export interface QuoteWords {
  text: string
  tone: Tone
}

/** Whose word it was: of those who live there any may give it. */
const answered = (quote: Quote): string => (quote.decided_by && quote.decided_by !== session.me?.name ? quote.decided_by : '您')

const WORDS: Record<string, (quote: Quote) => QuoteWords> = {
  open: () => ({ text: '等您答复', tone: 'waiting' }),
  accepted: (quote) => ({ text: `${answered(quote)}已同意`, tone: 'done' }),
  declined: (quote) => ({ text: `${answered(quote)}没有同意`, tone: 'danger' }),
  replaced: () => ({ text: '已改报价', tone: 'off' }),
  withdrawn: () => ({ text: '已作废', tone: 'off' }),
}

export const quoteWords = (quote: Quote): QuoteWords => WORDS[quote.state]?.(quote) ?? { text: quote.state_title, tone: 'info' }

/** 您已同意 ¥40.00 */
export function quoteLine(quote: Quote): QuoteWords {
  const { text, tone } = quoteWords(quote)
  return { text: tone === 'off' ? text : `${text} ${yuan(quote.total_fen)}`, tone }
}

async function load(number: string): Promise<void> {
  try {
    known.set(number, await quotesOf(number))
  } catch {
    asked.delete(number) /* another's, or offline: the words of the message stand alone */
  }
}

function soon(number: string): void {
  clearTimeout(timer)
  changed.add(number)
  timer = window.setTimeout(() => {
    changed.forEach((each) => void load(each))
    changed.clear()
  }, SOON_MS)
}

/** Read the quotes of an order once, and again whenever it changes. */
export function followQuotesOf(number: string): void {
  if (!following) {
    following = true
    onLive((event) => event.event === 'work_order' && asked.has(event.data.number) && soon(event.data.number))
    onReopen(() => asked.forEach(soon))
  }
  if (asked.has(number)) return
  asked.add(number)
  void load(number)
}

export const reloadQuotesOf = (number: string): Promise<void> => load(number)

/** The one that counts, answered or not. */
export const quoteInForce = (number: string): Quote | undefined => known.get(number)?.findLast((quote) => IN_FORCE.has(quote.state))

/** The order and the quote that a message asks about. */
export function askedIn(message: Message): { number: string; quote: number } | null {
  for (const { payload } of message.buttons) {
    const found = ASKS.exec(payload)
    if (!found) continue
    const { order_number: number, quote } = JSON.parse(found[1]!) as { order_number?: string; quote?: string }
    if (number && quote) return { number, quote: Number(quote) }
  }
  return null
}

/** What became of the quote that a message asks about; undefined while that is not known. */
export function quoteOf(message: Message): Quote | undefined {
  const about = askedIn(message)
  return about ? known.get(about.number)?.find((quote) => quote.id === about.quote) : undefined
}

export const withoutQuestion = (text: string): string => text.replace(QUESTION, '').trimEnd()
