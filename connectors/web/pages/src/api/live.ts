/** Live events: server-sent events over fetch (a header carries the token), resumed after every break. */
import { ref } from 'vue'
import { ApiError, raw } from './client'
import { session } from './session'
import type { LiveEvent } from './types'

type Handler = (event: LiveEvent) => void

const SILENCE_MS = 45_000
const FIRST_WAIT_MS = 800
const LONGEST_WAIT_MS = 15_000
/** A browser keeps six connections to a server; forgotten tabs give theirs back. */
const HIDDEN_MS = 60_000

export const connection = ref<'connecting' | 'open' | 'lost'>('connecting')

const handlers = new Set<Handler>()
const reopened = new Set<() => void>()
let lastId = ''
let running: AbortController | null = null
let paused = false
let hiddenTimer = 0

/** Hear every event until the returned function is called. */
export function onLive(handler: Handler): () => void {
  handlers.add(handler)
  return () => handlers.delete(handler)
}

/** Called when the connection is back after a break: what was missed must be fetched. */
export function onReopen(handler: () => void): () => void {
  reopened.add(handler)
  return () => reopened.delete(handler)
}

export function startLive(): void {
  stopLive()
  lastId = ''
  document.addEventListener('visibilitychange', onVisibility)
  open(false)
}

function open(again: boolean): void {
  running = new AbortController()
  void keepOpen(running.signal, again)
}

function close(): void {
  running?.abort()
  running = null
  connection.value = 'connecting'
}

function onVisibility(): void {
  clearTimeout(hiddenTimer)
  if (document.hidden) {
    hiddenTimer = window.setTimeout(() => {
      paused = true
      close()
    }, HIDDEN_MS)
  } else if (paused) {
    paused = false
    open(true)
  }
}

export function stopLive(): void {
  document.removeEventListener('visibilitychange', onVisibility)
  clearTimeout(hiddenTimer)
  paused = false
  close()
}

async function keepOpen(stop: AbortSignal, again: boolean): Promise<void> {
  let wait = FIRST_WAIT_MS
  let broken = again
  while (!stop.aborted && session.token) {
    try {
      await readOnce(stop, () => {
        wait = FIRST_WAIT_MS
        connection.value = 'open'
        if (broken) reopened.forEach((handler) => handler())
      })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return
    }
    if (stop.aborted) return
    broken = true
    connection.value = 'lost'
    await pause(wait * (0.7 + Math.random() * 0.6), stop)
    wait = Math.min(wait * 2, LONGEST_WAIT_MS)
  }
}

/** Wait, but no longer than until the network or the person comes back. */
function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      window.removeEventListener('online', done)
      document.removeEventListener('visibilitychange', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    window.addEventListener('online', done)
    document.addEventListener('visibilitychange', done)
    stop.addEventListener('abort', done, { once: true })
  })
}

async function readOnce(stop: AbortSignal, opened: () => void): Promise<void> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), SILENCE_MS)
  const headers: Record<string, string> = { Accept: 'text/event-stream' }
  if (lastId) headers['Last-Event-ID'] = lastId
  try {
    const signal = AbortSignal.any([stop, silence.signal])
    const response = await raw('GET', '/events', null, { headers, signal, timeoutMs: 2 ** 31 - 1 })
    if (!response.body) return
    opened()
    const parse = parser(dispatch)
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), SILENCE_MS)
      parse(value)
    }
  } finally {
    clearTimeout(timer)
  }
}

function dispatch(id: string, event: string, data: string): void {
  if (id) lastId = id
  if (!data) return
  let parsed: unknown
  try {
    parsed = JSON.parse(data)
  } catch {
    return
  }
  handlers.forEach((handler) => handler({ event, data: parsed } as LiveEvent))
}

/** Cuts a text stream into events; keeps what is not yet whole. */
export function parser(emit: (id: string, event: string, data: string) => void): (chunk: string) => void {
  let rest = ''
  let id = ''
  let event = 'message'
  let data: string[] = []
  return (chunk) => {
    rest += chunk
    const lines = rest.split(/\r\n|\n|\r/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        emit(id, event, data.join('\n'))
        id = ''
        event = 'message'
        data = []
        continue
      }
      const at = line.indexOf(':')
      const name = at < 0 ? line : line.slice(0, at)
      const value = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '')
      if (name === 'id') id = value
      else if (name === 'event') event = value
      else if (name === 'data') data.push(value)
    }
  }
}
