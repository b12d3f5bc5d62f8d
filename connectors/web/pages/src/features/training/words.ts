/** How labels, figures and roles are said. */
import { enums, titleOf } from '@/shared/enums'
import type { Label, Tally } from './api'

/** Intents whose examples carry category, urgency and scope. */
export const REPORTING = new Set(['report_repair', 'report_emergency', 'complain'])
/** What is listed but cannot be a label. */
export const NO_LABEL = 'nlu_fallback'

export const intentTitle = (name: string | null | undefined): string => (name ? titleOf(enums.intents, name) : '没听')

export function fieldTitles(label: Label): string[] {
  if (!REPORTING.has(label.intent)) return []
  const known: [{ value: string; title: string }[], string | null | undefined][] = [
    [enums.categories, label.category],
    [enums.urgencies, label.urgency],
    [enums.scopes, label.scope],
  ]
  return known.flatMap(([list, value]) => (value ? [titleOf(list, value)] : []))
}

export const labelText = (label: Label): string => [intentTitle(label.intent), ...fieldTitles(label)].join(' · ')

export const percentOf = (tally: Tally | undefined): number | null => (tally && tally[1] ? (100 * tally[0]) / tally[1] : null)

export const percentText = (value: number | null): string => (value === null ? '—' : `${value.toFixed(1)}%`)

/** +1.2 · −0.4 · 0.0 */
export function pointsText(before: number | null, after: number | null): string {
  if (before === null || after === null) return ''
  const points = Math.round((after - before) * 10) / 10
  return points > 0 ? `+${points.toFixed(1)}` : points < 0 ? `−${Math.abs(points).toFixed(1)}` : '0.0'
}

export const ROLE_TITLES: Record<string, string> = {
  owner: '业主',
  tenant: '租户',
  technician: '师傅',
  manager: '经理',
  regional: '区域经理',
  customer_service: '客服',
  finance: '财务',
  administrator: '管理员',
}

export const SHARES: { key: 'intent' | 'danger' | 'calm' | 'category' | 'urgency' | 'items'; title: string; hint: string }[] = [
  { key: 'intent', title: '意图', hint: '锁定测试集里意图答对的' },
  { key: 'danger', title: '危险认出', hint: '危险的话里认出来的，一条也不能少' },
  { key: 'calm', title: '像危险但不是', hint: '没有误当成危险的' },
  { key: 'category', title: '类别', hint: '每件事的类别' },
  { key: 'urgency', title: '紧急程度', hint: '每件事的紧急程度' },
  { key: 'items', title: '拆成几件事', hint: '一句话里几件事数对的' },
]
