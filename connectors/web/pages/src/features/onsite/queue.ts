/** Everything a technician does leaves through here: in order, each once, when there is a network; kept across reloads. */
import { computed, ref, shallowRef } from 'vue'
import { api, ApiError, raw, wordsOf } from '@/api/client'
import { onReopen } from '@/api/live'
import { session } from '@/api/session'
import { upload } from '@/features/conversations/api'
import { newKey } from '@/shared/newKey'
import { type Action, openStore, type Picture, type Store } from './store'

export interface Doing {
  number: string
  what: string
  path: string
  method?: Action['method']
  body?: Record<string, unknown>
  /** The API takes the time at which it happened. */
  timed?: boolean
  pictures?: Picture[]
  into?: Action['into']
  becomes?: string
}

export type Outcome = { state: 'sent'; answer: unknown } | { state: 'waiting' } | { state: 'refused'; error: string; status: number }

const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 60_000
/** A server that fails this often at one thing will not do it: a person has to look. */
const MOST_FAILURES = 8
const PASSING = new Set([0, 401, 408, 425, 429, 502, 503, 504])
const LOCK = 'guanjia.sending'

const actions = shallowRef<Action[]>([])
const sending = ref<number | null>(null)
const waiting = computed(() => actions.value.filter((action) => action.state === 'waiting'))
const refused = computed(() => actions.value.filter((action) => action.state === 'refused'))
const listeners = new Set<(action: Action, answer: unknown) => void>()
const settled = new Map<number, (outcome: Outcome) => void>()

let store: Promise<Store> | null = null
let running = false
let timer = 0
let failures = 0
let lastSeq = 0

/** The first that may go: what follows a refused one of the same order waits for a person. */
export function nextOf(all: readonly Action[]): Action | undefined {
  const stopped = new Set<string>()
  for (const action of all) {
    if (action.state === 'refused') stopped.add(action.number)
    else if (!stopped.has(action.number)) return action
  }
  return undefined
}

async function keep(action: Action): Promise<void> {
  await (await store!).put(action)
  const others = actions.value.filter((each) => each.seq !== action.seq)
  actions.value = [...others, action].sort((a, b) => a.seq - b.seq)
}

async function forget(action: Action): Promise<void> {
  await (await store!).drop(action.seq)
  actions.value = actions.value.filter((each) => each.seq !== action.seq)
}

function bodyOf(action: Action): Record<string, unknown> {
  const ids = action.pictures.map((picture) => picture.mediaId)
  if (action.into === 'media_ids') return { ...action.body, media_ids: ids }
  if (action.into === 'media_id') return { ...action.body, media_id: ids[0] }
  return action.body
}

async function send(action: Action): Promise<unknown> {
  for (const picture of action.pictures) {
    if (picture.mediaId) continue
    const sent = await upload(new Blob([picture.bytes], { type: picture.type }), picture.name, picture.taken)
    picture.mediaId = sent.media_id
    await keep({ ...action })
  }
  const headers = { 'Idempotency-Key': action.key }
  if (action.method === 'POST') return api.post(action.path, bodyOf(action), { headers })
  const isPut = action.method === 'PUT'
  const body = isPut ? JSON.stringify(bodyOf(action)) : null
  const response = await raw(action.method, action.path, body, {
    headers: isPut ? { ...headers, 'Content-Type': 'application/json' } : headers,
  })
  return response.status === 204 ? null : response.json()
}

/** False when the network or the server is not there and the rest must wait. */
async function deliver(listed: Action): Promise<boolean> {
  const action = await (await store!).get(listed.seq)
  if (!action) {
    actions.value = actions.value.filter((each) => each.seq !== listed.seq) // another tab has sent it
    return true
  }
  sending.value = action.seq
  try {
    const answer = await send(action)
    failures = 0
    await forget(action)
    listeners.forEach((listener) => listener(action, answer))
    settled.get(action.seq)?.({ state: 'sent', answer })
    return true
  } catch (error) {
    const status = error instanceof ApiError ? error.status : 0
    const tries = action.tries + 1
    if (PASSING.has(status) || (status >= 500 && tries < MOST_FAILURES)) {
      failures += 1
      if (status >= 500) await keep({ ...action, tries })
      return false
    }
    const words = wordsOf(error)
    await keep({ ...action, tries, state: 'refused', error: words })
    settled.get(action.seq)?.({ state: 'refused', error: words, status })
    return true
  } finally {
    sending.value = null
  }
}

/** One tab sends at a time, where the browser can tell. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return work()
  await navigator.locks.request(LOCK, work)
}

async function sendAll(): Promise<void> {
  for (;;) {
    const next = nextOf(actions.value)
    if (!next || !session.token) return
    if (!navigator.onLine || !(await deliver(next))) {
      const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1), LONGEST_WAIT_MS)
      clearTimeout(timer)
      timer = window.setTimeout(() => void flush(), wait * (0.7 + Math.random() * 0.6))
      return
    }
  }
}

async function flush(): Promise<void> {
  if (running || !store) return
  running = true
  try {
    await alone(sendAll)
  } finally {
    running = false
  }
}

async function add(doing: Doing): Promise<Action> {
  store ??= openStore()
  const at = new Date().toISOString()
  lastSeq = Math.max(lastSeq + 1, Date.now() * 1000)
  const action: Action = {
    ...{ seq: lastSeq, key: newKey(), person: session.me!.id, number: doing.number, what: doing.what, at },
    ...{ method: doing.method ?? 'POST', path: doing.path, becomes: doing.becomes ?? null },
    ...{ body: { ...doing.body, ...(doing.timed ? { at } : {}) }, pictures: doing.pictures ?? [], into: doing.into ?? null },
    ...{ state: 'waiting', error: '', tries: 0 },
  }
  await keep(action)
  return action
}

/** Do something now, or as soon as it can be sent; tells what came of it within `patience`. */
async function act(doing: Doing, patience = 4_000): Promise<Outcome> {
  const action = await add(doing)
  const outcome = new Promise<Outcome>((resolve) => {
    settled.set(action.seq, resolve)
    setTimeout(() => resolve({ state: 'waiting' }), navigator.onLine ? patience : 0)
  })
  void flush()
  const found = await outcome
  settled.delete(action.seq)
  // Whoever still looks at the form sees the words there and can put it right.
  if (found.state === 'refused') await drop(action)
  return found
}

/** Not to be sent after all; what came after it goes on. */
async function drop(action: Action): Promise<void> {
  await forget(action)
  void flush()
}

async function retry(action: Action): Promise<void> {
  await keep({ ...action, state: 'waiting', error: '', tries: 0, key: newKey() })
  void flush()
}

function start(): () => void {
  store ??= openStore()
  const wake = () => {
    failures = 0
    void flush()
  }
  void store.then(async (opened) => {
    actions.value = (await opened.all()).filter((action) => action.person === session.me?.id)
    lastSeq = Math.max(lastSeq, ...actions.value.map((action) => action.seq))
    wake()
  })
  window.addEventListener('online', wake)
  document.addEventListener('visibilitychange', wake)
  const stop = onReopen(wake)
  return () => {
    window.removeEventListener('online', wake)
    document.removeEventListener('visibilitychange', wake)
    clearTimeout(timer)
    stop()
    actions.value = []
  }
}

/** Hear of everything that was sent, with its answer. */
function onSent(listener: (action: Action, answer: unknown) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const queue = { actions, sending, waiting, refused, act, retry, drop, flush, start, onSent }
