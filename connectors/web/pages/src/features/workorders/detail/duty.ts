/** How it stands with a technician's hours, in words. */
import type { Tone } from '@/shared/status'

export const DUTY: Record<string, { title: string; tone: Tone }> = {
  on: { title: '在班', tone: 'done' },
  on_call: { title: '待命', tone: 'waiting' },
  off: { title: '不在班', tone: 'off' },
  leave: { title: '请假', tone: 'off' },
}
