/** What an estate has set: loaded for it, changed as a draft, saved at once. A failed save keeps the draft. */
import { computed, ref, watch, type Ref } from 'vue'
import { wordsOf } from '@/api/client'
import { oneEstate } from '@/console/oneEstate'
import { failed, said } from '@/shared/toast'

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

export function useSetting<T>(read: (community: string) => Promise<T>, write: (community: string, value: T) => Promise<T>, also: () => unknown = () => '') {
  const draft = ref(null) as Ref<T | null>
  const kept = ref('')
  const error = ref('')
  const busy = ref(false)
  const changed = computed(() => draft.value !== null && JSON.stringify(draft.value) !== kept.value)
  let round = 0

  function take(value: T): void {
    kept.value = JSON.stringify(value)
    draft.value = copy(value)
  }

  async function load(): Promise<void> {
    const mine = ++round
    draft.value = null
    error.value = ''
    try {
      const found = await read(oneEstate.value)
      if (mine === round) take(found)
    } catch (problem) {
      if (mine === round) error.value = wordsOf(problem)
    }
  }

  async function save(): Promise<boolean> {
    if (busy.value || draft.value === null) return false
    busy.value = true
    try {
      take(await write(oneEstate.value, draft.value))
      said('已保存，从现在起生效')
      return true
    } catch (problem) {
      failed(problem)
      return false
    } finally {
      busy.value = false
    }
  }

  const undo = (): void => void (draft.value = JSON.parse(kept.value) as T)

  watch([oneEstate, also], load, { immediate: true })
  return { draft, error, busy, changed, load, save, undo, take }
}
