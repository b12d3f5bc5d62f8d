/** Taking an order to its next step on a phone: asks for words or a yes where they are needed, shows what went wrong. */
import { ref } from 'vue'
import { ApiError, wordsOf } from '@/api/client'
import type { NextStep, Order } from '@/api/types'
import { CONFIRMED } from '@/shared/steps'
import { moveOrder } from './api'
import { keep, refresh } from './orderStore'

export function useSteps() {
  const busy = ref(false)
  const error = ref('')
  /** The step that waits for a note or a yes. */
  const asking = ref<NextStep | null>(null)

  /** `note` undefined: nothing was asked yet. */
  async function take(order: Order, step: NextStep, note?: string): Promise<void> {
    if (busy.value) return
    if ((step.needs_note && !note) || (CONFIRMED.has(step.to) && note === undefined)) {
      error.value = ''
      asking.value = step
      return
    }
    busy.value = true
    error.value = ''
    try {
      keep(await moveOrder(order.number, { to: step.to, note: note || undefined, version: order.version }))
      asking.value = null
    } catch (problem) {
      error.value = wordsOf(problem)
      if (problem instanceof ApiError && problem.status === 409) await refresh(order.number)
    } finally {
      busy.value = false
    }
  }

  return { busy, error, asking, take }
}
