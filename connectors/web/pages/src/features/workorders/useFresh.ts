/** Looks again when orders have changed: at once, but never while the hand is over what would move. */
import { onMounted, onUnmounted, ref, watch } from 'vue'
import { onLive, onReopen } from '@/api/live'

const SOON_MS = 500

export function useFresh(load: () => Promise<void>) {
  /** The pointer is over cards: they must not move now. */
  const held = ref(false)
  const stale = ref(false)
  let timer = 0

  async function look(): Promise<void> {
    stale.value = false
    await load()
  }

  /** Many changes in a moment make one look. */
  function soon(): void {
    clearTimeout(timer)
    timer = window.setTimeout(() => {
      if (held.value) stale.value = true
      else void look()
    }, SOON_MS)
  }

  watch(held, (now) => !now && stale.value && void look())
  const stops = [onLive((event) => event.event === 'work_order' && soon()), onReopen(soon)]
  onMounted(look)
  onUnmounted(() => {
    clearTimeout(timer)
    stops.forEach((stop) => stop())
  })

  return { held, stale, look }
}
