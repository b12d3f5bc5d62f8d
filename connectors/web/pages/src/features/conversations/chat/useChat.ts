/** The speaker's own conversation: history, live messages, what is on its way, and who answers. */
import { computed, reactive, ref, watch } from 'vue'
import { wordsOf } from '@/api/client'
import { connection, onLive, onReopen } from '@/api/live'
import type { Attachment, Message, MyConversation, Said } from '@/api/types'
import { refreshShown } from '@/features/workorders/orderStore'
import { now } from '@/shared/clock'
import { history } from '../api'
import { isDesks, mergeMessages, shownText } from '../merge'
import { type Pending, useOutbox } from './outbox'
import { useDanger } from './useDanger'

const ANSWER_EXPECTED_MS = 60_000
const UNANSWERED = new Set<Message['status']>(['received', 'answering'])

export type Chat = ReturnType<typeof useChat>

export function useChat(person: number) {
  const messages = ref<Message[]>([])
  const older = ref<string | null>(null)
  const loading = ref(true)
  const loadingOlder = ref(false)
  const error = ref('')
  const online = ref(navigator.onLine)
  const conversation = reactive<MyConversation>({ id: null, mode: 'bot', staff_name: null, ahead: null })
  const outbox = useOutbox(person, onAnswer)

  const visible = computed(() => {
    const claimed = new Set(outbox.items.map((item) => item.messageId))
    return messages.value.filter((message) => !claimed.has(message.id))
  })
  const typing = computed(() => {
    if (conversation.mode === 'staff') return false
    if (outbox.items.some((item) => item.state === 'sending')) return true
    const last = messages.value.at(-1)
    if (!last || last.direction !== 'in' || !UNANSWERED.has(last.status)) return false
    return now.value.getTime() - new Date(last.at).getTime() < ANSWER_EXPECTED_MS
  })
  const { danger, fold } = useDanger(person, messages)

  /** While nobody has taken the conversation the number of those ahead changes without a word to this page. */
  watch(now, () => {
    if (conversation.mode === 'staff' && !conversation.staff_name && !document.hidden) void refresh(1).catch(() => undefined)
  })

  function take(items: readonly Message[]): void {
    messages.value = mergeMessages(messages.value, items)
    for (const message of items) claim(message)
  }

  /** A live copy of something still on its way: shown once, as the one on its way. */
  function claim(message: Message): void {
    if (message.direction !== 'in' || outbox.items.some((item) => item.messageId === message.id)) return
    const mine = outbox.items.find(
      (item) =>
        item.state === 'sending' &&
        !item.messageId &&
        [message.text, shownText(message)].includes(item.text) &&
        message.at >= new Date(new Date(item.at).getTime() - ANSWER_EXPECTED_MS).toISOString(),
    )
    if (mine) mine.messageId = message.id
  }

  async function refresh(limit = 30): Promise<void> {
    const page = await history(undefined, limit)
    if (messages.value.length === 0) older.value = page.next
    take(page.items)
    if (page.conversation) Object.assign(conversation, page.conversation)
  }

  async function onAnswer(item: Pending, said: Said): Promise<void> {
    item.messageId = said.message_id
    const place = messages.value.findIndex((message) => message.id === said.message_id)
    const answers = place < 0 ? 0 : messages.value.slice(place + 1).filter((m) => m.direction === 'out').length
    if (connection.value === 'open' && place >= 0 && answers >= said.replies.length) return
    await refresh().catch(() => undefined) // the answer itself is safe; the list follows with the next refresh
  }

  async function load(): Promise<void> {
    loading.value = true
    error.value = ''
    try {
      await refresh()
    } catch (problem) {
      error.value = wordsOf(problem)
    } finally {
      loading.value = false
    }
    void outbox.flush()
  }

  async function loadOlder(): Promise<void> {
    if (!older.value || loadingOlder.value) return
    loadingOlder.value = true
    try {
      const page = await history(older.value)
      older.value = page.next
      take(page.items)
    } catch {
      /* scrolling up again tries again */
    } finally {
      loadingOlder.value = false
    }
  }

  function send(text: string, label: string | null = null, attachments: Attachment[] = []): void {
    outbox.add(text, label, attachments)
  }

  function start(): () => void {
    const goOnline = () => {
      online.value = navigator.onLine
      if (online.value) void outbox.flush()
    }
    window.addEventListener('online', goOnline)
    window.addEventListener('offline', goOnline)
    const stops = [
      onLive((event) => {
        if (event.event === 'message') {
          const { message } = event.data
          if (!conversation.id || message.conversation_id === conversation.id) take([message])
        } else if (event.event === 'conversation' && !isDesks(event.data)) {
          Object.assign(conversation, event.data)
          void refresh(5).catch(() => undefined)
        }
      }),
      onReopen(() => {
        refresh().catch(() => undefined)
        refreshShown()
        void outbox.flush()
      }),
    ]
    void load()
    return () => {
      window.removeEventListener('online', goOnline)
      window.removeEventListener('offline', goOnline)
      stops.forEach((stop) => stop())
    }
  }

  return {
    ...{ messages, visible, older, loading, loadingOlder, error, online, conversation, typing, danger },
    ...{ pending: outbox.items, retry: outbox.retry, drop: outbox.drop },
    ...{ load, loadOlder, send, fold, start },
  }
}
