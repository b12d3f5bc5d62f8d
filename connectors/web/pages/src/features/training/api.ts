import { api, pathOf, raw } from '@/api/client'
import type { components } from '@/api/schema'
import type { Page } from '@/api/types'

type Schemas = components['schemas']
type With<T, Changes> = Omit<T, keyof Changes> & Changes

export type Sample = With<Schemas['SampleOut'], { ranking: { name: string; confidence: number }[]; label: Label | null }>
export type Suggestion = Schemas['SuggestionOut']
export interface Label {
  intent: string
  category?: string | null
  urgency?: string | null
  scope?: string | null
}
export type SampleDetail = With<Schemas['SampleDetailOut'], { sample: Sample; similar: { sample: Sample; likeness: number }[] }>

/** [right, tests] */
export type Tally = [number, number]
export interface Figures {
  intent: Tally
  category: Tally
  urgency: Tally
  items: Tally
  danger: Tally
  calm: Tally
  intents: Record<string, Tally>
  ms_p50?: number
}
export interface Refusal {
  about: 'tests' | 'danger' | 'whole' | 'intent'
  text: string
  tests: number
  before: number | null
  after: number | null
  intent: string | null
}
interface Understood {
  intent: string
  confidence: number
  categories: string[]
  urgencies: string[]
}
export interface Change {
  text: string
  differs: ('intent' | 'items' | 'category' | 'urgency')[]
  old: Understood
  new: Understood
}
export type Run = With<Schemas['RunOut'], { new: Figures | null; old: Figures | null; refusals: Refusal[]; changes: Change[] }>
export type Model = With<Schemas['ModelOut'], { figures: Figures | null }>
export type Summary = With<Schemas['SummaryOut'], { run: Run | null; model: Model | null }>

export interface SampleQuery {
  state: 'waiting' | 'labelled' | 'skipped'
  why?: string
  q?: string
  community?: string
  limit?: number
  cursor?: string
}

export const ACTIVE = new Set(['queued', 'snapshot', 'training', 'scoring'])

export const summary = () => api.get<Summary>('/training/summary')
export const listSamples = (query: SampleQuery) => api.get<Page<Sample>>('/training/samples', query)
export const getSample = (id: number) => api.get<SampleDetail>('/training/samples' + pathOf(id))
export const saveLabels = (ids: number[], label: Label) => api.post<Page<Sample>>('/training/labels', { ids, label })
export const skipSamples = (ids: number[]) => api.post<Page<Sample>>('/training/labels/skip', { ids })
export const undoLabels = (ids: number[]) => api.post<Page<Sample>>('/training/labels/undo', { ids })
export const startRun = () => api.post<Run>('/training/runs')
export const listRuns = (cursor?: string) => api.get<Page<Run>>('/training/runs', { cursor, limit: 30 })
export const getRun = (id: number) => api.get<Run>('/training/runs' + pathOf(id))
export const stopRun = (id: number) => api.post<Run>('/training/runs' + pathOf(id, 'stop'))
export const promoteRun = (id: number) => api.post<Model>('/training/runs' + pathOf(id, 'promote'))
export const listModels = () => api.get<{ items: Model[] }>('/training/models')
export const useModel = (id: number) => api.post<Model>('/training/models' + pathOf(id, 'use'))
export const correctIntent = (message_id: string, intent: string) => api.post<void>('/training/corrections', { message_id, intent })

/** Fetch the zip of labels and hand it to the browser as a download. */
export async function downloadLabels(): Promise<void> {
  const answer = await raw('GET', '/training/export', null, { timeoutMs: 60_000 })
  const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'labels.zip'
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
