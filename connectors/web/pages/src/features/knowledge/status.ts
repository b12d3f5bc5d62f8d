import type { Tone } from '@/shared/status'
import type { KnowledgeDocument } from './api'

const TONES: Record<string, Tone> = { uploaded: 'waiting', indexing: 'active', ready: 'done', failed: 'danger' }

export const toneOf = (status: string): Tone => TONES[status] ?? 'off'

export const isBusy = (document: KnowledgeDocument): boolean => document.status === 'uploaded' || document.status === 'indexing'

export function sizeText(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
