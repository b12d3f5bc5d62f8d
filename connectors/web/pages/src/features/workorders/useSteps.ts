/** Taking an order to its next step on a phone: asks for words or a yes where they are needed, shows what went wrong. */
import { ref } from 'vue'
import { ApiError, wordsOf } from '@/api/client'
import type { NextStep, Order } from '@/api/types'
import { isTechnician } from '@/features/identity/roles'
import { orderPath } from '@/features/onsite/api'
import { queue } from '@/features/onsite/queue'
import { CONFIRMED, stepTitle } from '@/shared/steps'
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
      if (isTechnician()) await waitInLine(order, step, note)
      else keep(await moveOrder(order.number, { to: step.to, note: note || undefined, version: order.version }))
      asking.value = null
    } catch (problem) {
      error.value = wordsOf(problem)
      if (problem instanceof ApiError && problem.status === 409) await refresh(order.number)
    } finally {
      busy.value = false
    }
  }

  /** A technician's steps stand in the one queue with everything else they do. */
  async function waitInLine(order: Order, step: NextStep, note?: string): Promise<void> {
    const outcome = await queue.act({
      number: order.number,
      what: stepTitle(step, order),
      path: orderPath(order.number, 'transitions'),
      body: { to: step.to, ...(note ? { note } : {}) },
      becomes: step.to,
    })
    if (outcome.state === 'refused') throw new ApiError(409, outcome.error)
    if (outcome.state === 'sent') keep(outcome.answer as Order)
  }

  return { busy, error, asking, take }
}
