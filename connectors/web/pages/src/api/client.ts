/** The one way to the backend: bearer token, problem+json turned into Chinese words. */
import { endSession, session } from './session'

export interface Problem {
  type?: string
  title?: string
  status?: number
  detail?: string
  trace_id?: string
  errors?: { field: string; message: string }[]
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly problem: Problem = {},
  ) {
    super(message)
  }

  /** The network is gone: the request never got an answer. */
  get offline(): boolean {
    return this.status === 0
  }

  /** Words plus a short reference that support can find in the logs. */
  get withReference(): string {
    const trace = this.problem.trace_id
    return trace ? `${this.message}（编号 ${trace.slice(0, 8)}）` : this.message
  }
}

export interface Options {
  query?: object
  headers?: Record<string, string>
  signal?: AbortSignal
  timeoutMs?: number
}

const BASE = '/api/v1'
const WORDS: Record<number, string> = {
  0: '网络连不上，请检查网络后再试',
  401: '登录已过期，请重新登录',
  403: '您没有做这件事的权限',
  404: '没有找到，可能已经被移走',
  409: '刚刚有人改动过，请看过最新内容再试',
  413: '内容太大了，请压缩或分开发送',
  429: '操作太频繁，请稍等片刻再试',
  503: '服务正在启动或暂时连不上，请稍后再试',
}

export function wordsOf(error: unknown): string {
  if (error instanceof ApiError) return error.status >= 500 ? error.withReference : error.message
  return '没有办成，请再试一次'
}

export function urlOf(path: string, query: object = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (each !== undefined && each !== null && each !== '' && each !== false) search.append(name, String(each))
    }
  }
  const tail = search.toString()
  return BASE + path + (tail ? `?${tail}` : '')
}

async function toError(response: Response): Promise<ApiError> {
  let problem: Problem = {}
  try {
    problem = (await response.json()) as Problem
  } catch {
    /* an answer without a body of ours */
  }
  const fields = problem.errors?.map((error) => error.message).join('；')
  const words = fields || problem.detail || WORDS[response.status] || '没有办成，请稍后再试'
  return new ApiError(response.status, words, problem)
}

function signalOf(options: Options): AbortSignal {
  const limit = AbortSignal.timeout(options.timeoutMs ?? 30_000)
  return options.signal ? AbortSignal.any([options.signal, limit]) : limit
}

export async function raw(method: string, path: string, body: BodyInit | null, options: Options = {}): Promise<Response> {
  const headers = new Headers(options.headers)
  const token = session.token
  if (token) headers.set('Authorization', `Bearer ${token}`)
  let response: Response
  try {
    response = await fetch(urlOf(path, options.query), { method, body, headers, signal: signalOf(options) })
  } catch (error) {
    if (options.signal?.aborted) throw error
    const slow = error instanceof DOMException && error.name === 'TimeoutError'
    throw new ApiError(slow ? 504 : 0, slow ? '等了很久没有收到回应，请再试一次' : WORDS[0]!)
  }
  if (response.ok) return response
  const error = await toError(response)
  if (response.status === 401 && token && token === session.token) endSession(WORDS[401])
  throw error
}

async function json<T>(method: string, path: string, body: unknown, options: Options = {}): Promise<T> {
  const headers = { ...options.headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) }
  const payload = body === undefined ? null : JSON.stringify(body)
  const response = await raw(method, path, payload, { ...options, headers })
  return (response.status === 204 ? undefined : await response.json()) as T
}

export const api = {
  get: <T>(path: string, query?: object, options: Options = {}) => json<T>('GET', path, undefined, { ...options, query }),
  post: <T>(path: string, body?: unknown, options?: Options) => json<T>('POST', path, body ?? {}, options),
  patch: <T>(path: string, body: unknown, options?: Options) => json<T>('PATCH', path, body, options),
  put: <T>(path: string, body: unknown, options?: Options) => json<T>('PUT', path, body, options),
  remove: <T>(path: string, options?: Options) => json<T>('DELETE', path, undefined, options),
}

/** Makes a POST happen once, however often it is sent. */
export const once = (key: string): Options => ({ headers: { 'Idempotency-Key': key } })

export function pathOf(...parts: (string | number)[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('')
}
