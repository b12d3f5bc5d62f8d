/** What a step is called for the person who makes it, and one line that says what it brings about. */
import type { NextStep, Order } from '@/api/types'

/** Steps that end an order: never by one tap. */
export const CONFIRMED = new Set(['cancelled'])

interface Words {
  title?: string
  why: string
  example: string
}

const BY_STATUS: Record<string, Words> = {
  'dispatched>triaged': { title: '不接', why: '不接这一单，会马上派给别的师傅，没有合适的就交给客服。请写一句原因。', example: '例如：不是我的专业' },
  'accepted>triaged': { title: '退回', why: '已经接了的单退回去，会重新派人。请写一句原因。', example: '例如：手上有急活，今天赶不过去' },
}
const BY_STEP: Record<string, Words> = {
  finished: { why: '写一句做了什么，业主会看到并验收。', example: '例如：换了两个灯泡，试过正常' },
  suspended: { why: '等配件、业主不在家时先挂起；能接着做了点「恢复」。原因业主会看到。', example: '例如：缺镇流器，明天上午到货' },
  reopened: { why: '写一句哪里没修好，原来的师傅会再来。', example: '例如：晚上又不亮了' },
  cancelled: { why: '撤单后师傅就不来了，也不能再恢复。', example: '例如：已经自己修好了（可不填）' },
}
const PLAIN: Words = { why: '请说明一下，大家都能看到。', example: '简单说明一下' }

const wordsFor = (step: NextStep, order: Order): Words => BY_STATUS[`${order.status}>${step.to}`] ?? BY_STEP[step.to] ?? PLAIN

/** For the technician who holds the order: 不接 before it was accepted, 退回 after. */
export const stepTitle = (step: NextStep, order: Order): string => wordsFor(step, order).title ?? step.title
export const stepWhy = (step: NextStep, order: Order): string => wordsFor(step, order).why
export const stepExample = (step: NextStep, order: Order): string => wordsFor(step, order).example

/** Buttons under a message that make a step of its order; the card beside them already has the steps that are possible now. */
const STEP_INTENTS = /^\/(accept_order|decline_order|arrive_on_site|finish_order|suspend_order|confirm_work_order|reject_work_order|cancel_work_order|accept_quote|decline_quote)\b/

export const isStepButton = (payload: string): boolean => STEP_INTENTS.test(payload)
