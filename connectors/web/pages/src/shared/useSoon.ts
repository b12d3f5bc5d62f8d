/** Live changes that come together make one look; whatever was missed while the line was broken is fetched as well. */
import { onUnmounted } from 'vue'
import { onLive, onReopen } from '@/api/live'
import type { LiveEvent } from '@/api/types'

const TOGETHER_MS = 400

export function useSoon(kinds: readonly LiveEvent['event'][], look: () => unknown): void {
  let timer = 0
  const soon = (): void => {
    clearTimeout(timer)
    timer = window.setTimeout(look, TOGETHER_MS)
  }
  const stops = [onLive((event) => kinds.includes(event.event) && soon()), onReopen(soon)]
  onUnmounted(() => {
    clearTimeout(timer)
    stops.forEach((stop) => stop())
  })
}
