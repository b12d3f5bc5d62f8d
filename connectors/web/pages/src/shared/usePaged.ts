/** A list that comes in pages: loading, empty and error are states of their own; an old answer never wins. */
import { ref, shallowRef } from 'vue'
import { wordsOf } from '@/api/client'
import type { Page } from '@/api/types'

export function usePaged<T>(fetchPage: (cursor?: string) => Promise<Page<T>>) {
  const items = shallowRef<T[]>([])
  const next = ref<string | null>(null)
  const total = ref<number | null>(null)
  const loading = ref(true)
  const loadingMore = ref(false)
  const error = ref('')
  let round = 0

  async function reload(): Promise<void> {
    const mine = ++round
    loading.value = true
    error.value = ''
    try {
      const page = await fetchPage()
      if (mine !== round) return
      items.value = page.items
      next.value = page.next
      total.value = page.total ?? null
    } catch (problem) {
      if (mine === round) error.value = wordsOf(problem)
    } finally {
      if (mine === round) loading.value = false
    }
  }

  async function more(): Promise<void> {
    if (!next.value || loadingMore.value || loading.value) return
    const mine = round
    loadingMore.value = true
    try {
      const page = await fetchPage(next.value)
      if (mine !== round) return
      items.value = [...items.value, ...page.items]
      next.value = page.next
    } catch (problem) {
      error.value = wordsOf(problem)
    } finally {
      loadingMore.value = false
    }
  }

  return { items, next, total, loading, loadingMore, error, reload, more }
}
