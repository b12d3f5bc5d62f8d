/** The quotes that wait for this person's answer, by the number of the order: one request for all cards. */
import { shallowRef } from 'vue'
import { onLive, onReopen } from '@/api/live'
import { session } from '@/api/session'
import type { Quote } from '@/features/onsite/api'
import { quotesWaiting } from './api'

const SOON_MS = 300
const found = shallowRef(new Map<string, Quote>())
let asked = false
let timer = 0

export const waitingQuote = (number: string): Quote | undefined => found.value.get(number)

export async function loadQuotes(): Promise<void> {
  if (!session.token) return
  try {
    found.value = new Map((await quotesWaiting()).map((quote) => [quote.number, quote]))
  } catch {
    /* the card shows them once they can be read; saying 「同意」 works all the same */
  }
}

function soon(): void {
  clearTimeout(timer)
  timer = window.setTimeout(() => void loadQuotes(), SOON_MS)
}

/** The first card asks; afterwards changes of orders do. */
export function followQuotes(): void {
  if (asked) return
  asked = true
  soon()
  onLive((event) => event.event === 'work_order' && soon())
  onReopen(soon)
}
