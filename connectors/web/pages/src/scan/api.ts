/** What a label opens. The token in the address is all that a stranger has. */
import { api, pathOf, raw } from '@/api/client'
import type { Order } from '@/api/types'

export interface BriefOrder {
  number: string
  status: string
  status_title: string
  status_tone: string
  category_title: string
  fault: string
  created_at: string
  can_take: boolean
}

export interface Scan {
  kind: 'order' | 'asset' | 'place'
  kind_title: string
  seen_as: 'login' | 'public' | 'resident' | 'technician' | 'desk'
  words: string | null
  estate: string | null
  name: string | null
  place_text: string | null
  code: string | null
  category: string | null
  can_report: boolean
  can_take: boolean
  order: Order | null
  open_orders: BriefOrder[]
  history: BriefOrder[]
}

export interface Told {
  words: string
  number: string
  joined: boolean
  danger: { title: string; lines: string[]; phones: { title: string; number: string }[] } | null
}

export interface Report {
  words: string
  phone?: string
  category?: string
  media?: string[]
}

const one = (token: string, ...rest: string[]) => '/labels' + pathOf(token, ...rest)

export const scan = (token: string) => api.get<Scan>(one(token))
export const take = (token: string, number?: string) => api.post<Order>(one(token, 'take'), { number })
export const tell = (token: string, report: Report, key: string) =>
  api.post<Told>(one(token, 'reports'), report, { headers: { 'Idempotency-Key': key } })

export async function addPicture(token: string, file: Blob, name: string): Promise<string> {
  const form = new FormData()
  form.append('token', token)
  form.append('file', file, name)
  const answer = await raw('POST', '/labels/media', form, { timeoutMs: 120_000 })
  return ((await answer.json()) as { media_id: string }).media_id
}

/** The token at the end of /s/…; anything else is no label of ours. */
export function tokenOf(path: string): string {
  return /^\/s\/([A-Za-z0-9_-]{1,64})\/?$/.exec(path)?.[1] ?? ''
}
