/** How many conversations wait for a person: the number beside 会话 in the menu. */
import { onMounted, onUnmounted, ref } from 'vue'
import { onLive, onReopen } from '@/api/live'
import { may } from '@/api/session'
import { listConversations } from '../api'

export function useUnseen() {
  const count = ref(0)
  let timer = 0

  async function load(): Promise<void> {
    if (!may('conversations.read')) return
    const page = await listConversations({ queue: 'waiting', limit: 100 }).catch(() => null)
    if (page) count.value = page.items.length
  }

  function soon(): void {
    clearTimeout(timer)
    timer = window.setTimeout(load, 400)
  }

  const stops = [onLive((event) => event.event === 'conversation' && soon()), onReopen(soon)]
  onMounted(load)
  onUnmounted(() => {
    clearTimeout(timer)
    stops.forEach((stop) => stop())
  })
  return count
}
