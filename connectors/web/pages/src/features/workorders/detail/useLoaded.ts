/** What a part of the page shows: fetched when it is opened and again when the order has changed; an old answer never wins. */
import { ref, shallowRef, watch } from 'vue'
import { wordsOf } from '@/api/client'

export function useLoaded<T>(fetch: () => Promise<T>, changed: () => unknown) {
  const data = shallowRef<T | null>(null)
  const error = ref('')
  let round = 0

  async function load(): Promise<void> {
    const mine = ++round
    try {
      const found = await fetch()
      if (mine !== round) return
      data.value = found
      error.value = ''
    } catch (problem) {
      if (mine === round && data.value === null) error.value = wordsOf(problem)
    }
  }

  /** The newest state came with an answer: nothing that is on its way may replace it. */
  function put(found: T): void {
    round += 1
    data.value = found
    error.value = ''
  }

  watch(changed, load, { immediate: true })
  return { data, error, load, put }
}
