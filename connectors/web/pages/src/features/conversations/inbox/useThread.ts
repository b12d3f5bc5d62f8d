/** One conversation as staff see it: messages, who answers, taking over and giving back. */
import { computed, onMounted, onUnmounted, ref, watch } from 'vue'
import { wordsOf } from '@/api/client'
import { onLive, onReopen } from '@/api/live'
import { may, session } from '@/api/session'
import type { Conversation, Message } from '@/api/types'
import { newKey } from '@/shared/newKey'
import { failed, said } from '@/shared/toast'
import { getConversation, giveBack, markRead, messagesOf, sayAsStaff, takeOver } from '../api'
import { isDesks, mergeMessages } from '../merge'

export function useThread(id: string, known: () => Conversation | null, changed: (talk: Conversation) => void) {
  const messages = ref<Message[]>([])
  const older = ref<string | null>(null)
  const own = ref<Conversation | null>(null)
  const loading = ref(true)
  const error = ref('')
  const busy = ref(false)
  const talk = computed(() => known() ?? own.value)
  const mine = computed(() => talk.value?.mode === 'staff' && talk.value.staff?.id === session.me?.id)
  const withStaff = computed(() => talk.value?.mode === 'staff' && talk.value.staff !== null)
  /** A reply that could not be sent keeps its key, so that sending it again says it once. */
  let replyKey = newKey()

  async function load(): Promise<void> {
    error.value = ''
    try {
      const [found, page] = await Promise.all([getConversation(id), messagesOf(id)])
      own.value = found
      changed(found)
      if (!messages.value.length) older.value = page.next
      messages.value = mergeMessages(messages.value, page.items)
    } catch (problem) {
      error.value = wordsOf(problem)
    } finally {
      loading.value = false
    }
  }

  async function loadOlder(): Promise<void> {
    if (!older.value) return
    const before = older.value
    older.value = null
    try {
      const page = await messagesOf(id, before)
      older.value = page.next
      messages.value = mergeMessages(messages.value, page.items)
    } catch {
      older.value = before
    }
  }

  async function change(call: () => Promise<Conversation>, words: string): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      const found = await call()
      own.value = found
      changed(found)
      said(words)
    } catch (problem) {
      failed(problem)
      void load()
    } finally {
      busy.value = false
    }
  }

  const take = () => change(() => takeOver(id), '已接手，管家不再自动回答')
  const give = () => change(() => giveBack(id), '已交还管家')

  /** True when it was said. */
  async function say(text: string): Promise<boolean> {
    try {
      const message = await sayAsStaff(id, text, replyKey)
      replyKey = newKey()
      if (message?.id) messages.value = mergeMessages(messages.value, [message])
      else await load()
      return true
    } catch (problem) {
      failed(problem)
      return false
    }
  }

  /** What is open before somebody's eyes is read. */
  function read(): void {
    if (talk.value?.unread && !document.hidden && may('conversations.answer')) markRead(id).catch(() => undefined)
  }
  watch(() => talk.value?.unread, read)
  document.addEventListener('visibilitychange', read)

  const stops = [
    () => document.removeEventListener('visibilitychange', read),
    onLive((event) => {
      if (event.event === 'message' && event.data.conversation_id === id) messages.value = mergeMessages(messages.value, [event.data.message])
      if (event.event === 'conversation' && isDesks(event.data) && event.data.id === id) own.value = event.data
    }),
    onReopen(() => void load()),
  ]
  onMounted(load)
  onUnmounted(() => stops.forEach((stop) => stop()))

  return { messages, older, loading, error, busy, talk, mine, withStaff, load, loadOlder, take, give, say }
}
