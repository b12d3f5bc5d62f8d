/** What waits to be sent, kept by the browser (IndexedDB holds photos too); in memory only where that is forbidden. */
import type { Taken } from '@/shared/taken'

const NAME = 'guanjia'
const TABLE = 'actions'

export interface Picture {
  name: string
  type: string
  bytes: ArrayBuffer
  /** Set once it is uploaded: it is not uploaded again. */
  mediaId: string | null
  /** What the phone says of it; those that were kept before it did say nothing. */
  taken?: Taken
}

export interface Action {
  /** Order of being done. */
  seq: number
  /** The Idempotency-Key. */
  key: string
  person: number
  /** The work order. */
  number: string
  /** What was done, in words: 到场 */
  what: string
  /** When it was done on the phone. */
  at: string
  method: 'POST' | 'PUT' | 'DELETE'
  path: string
  body: Record<string, unknown>
  pictures: Picture[]
  /** The field of the body that gets the ids of the pictures. */
  into: 'media_ids' | 'media_id' | null
  /** The state of the order once this is done. */
  becomes: string | null
  state: 'waiting' | 'refused'
  error: string
  tries: number
}

export interface Store {
  all(): Promise<Action[]>
  get(seq: number): Promise<Action | undefined>
  put(action: Action): Promise<void>
  drop(seq: number): Promise<void>
}

function asPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('storage'))
  })
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: 'seq' })
  return asPromise(request)
}

function inDatabase(database: IDBDatabase): Store {
  const table = (mode: IDBTransactionMode) => database.transaction(TABLE, mode).objectStore(TABLE)
  return {
    all: () => asPromise(table('readonly').getAll() as IDBRequest<Action[]>),
    get: (seq) => asPromise(table('readonly').get(seq) as IDBRequest<Action | undefined>),
    put: async (action) => void (await asPromise(table('readwrite').put(action))),
    drop: async (seq) => void (await asPromise(table('readwrite').delete(seq))),
  }
}

function inMemory(): Store {
  const kept = new Map<number, Action>()
  return {
    all: async () => [...kept.values()].sort((a, b) => a.seq - b.seq),
    get: async (seq) => kept.get(seq),
    put: async (action) => void kept.set(action.seq, action),
    drop: async (seq) => void kept.delete(seq),
  }
}

export async function openStore(): Promise<Store> {
  try {
    return inDatabase(await openDatabase())
  } catch {
    return inMemory()
  }
}
