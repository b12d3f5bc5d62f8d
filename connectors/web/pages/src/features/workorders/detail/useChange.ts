/** A change made by a button: one at a time, said when it is done, said why when it is not. */
import { ref } from 'vue'
import { failed, said } from '@/shared/toast'

export function useChange() {
  const busy = ref(false)

  async function change<T>(what: () => Promise<T>, words: string | ((made: T) => string)): Promise<T | null> {
    if (busy.value) return null
    busy.value = true
    try {
      const made = await what()
      said(typeof words === 'string' ? words : words(made))
      return made
    } catch (problem) {
      failed(problem)
      return null
    } finally {
      busy.value = false
    }
  }

  return { busy, change }
}
