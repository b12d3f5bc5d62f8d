/** One thing that is open: loading and error are states of their own; every change gives the newest of it back. */
import { ref, shallowRef, watch } from 'vue'
import { ApiError, wordsOf } from '@/api/client'
import { failed, said } from './toast'

export function useOne<T>(key: () => string, fetchOne: (key: string) => Promise<T>, missing: string, shown?: (one: T) => void) {
  const one = shallowRef<T | null>(null)
  const error = ref('')
  const busy = ref(false)

  function show(found: T): void {
    one.value = found
    error.value = ''
    shown?.(found)
  }

  async function load(): Promise<void> {
    const wanted = key()
    try {
      const found = await fetchOne(wanted)
      if (wanted === key()) show(found)
    } catch (problem) {
      if (one.value || wanted !== key()) return
      error.value = problem instanceof ApiError && [404, 422].includes(problem.status) ? missing : wordsOf(problem)
    }
  }

  /** Make a change and say so; after a refusal look at what it is now. Tells whether it was made. */
  async function run(change: () => Promise<T>, words: string | ((now: T) => string)): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    try {
      const found = await change()
      show(found)
      said(typeof words === 'string' ? words : words(found))
      return true
    } catch (problem) {
      failed(problem)
      if (problem instanceof ApiError && problem.status === 409) void load()
      return false
    } finally {
      busy.value = false
    }
  }

  watch(key, () => {
    one.value = null
    error.value = ''
    void load()
  }, { immediate: true })

  return { one, error, busy, load, run, show }
}
