/** A search field that waits until the fingers rest. */
import { onUnmounted, ref, watch } from 'vue'

const REST_MS = 250

export function useWords(kept: () => string | undefined, keep: (words: string) => void) {
  const words = ref(kept() ?? '')
  let timer = 0
  watch(words, () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => words.value.trim() !== (kept() ?? '') && keep(words.value.trim()), REST_MS)
  })
  watch(kept, (now) => {
    if ((now ?? '') !== words.value.trim()) words.value = now ?? ''
  })
  onUnmounted(() => clearTimeout(timer))
  return words
}
