/** How the state of a device looks. */
import type { Tone } from '@/shared/status'

const TONES: Record<string, Tone> = { up: 'done', degraded: 'warn', down: 'danger' }

export const deviceTone = (status: string): Tone => TONES[status] ?? 'off'
