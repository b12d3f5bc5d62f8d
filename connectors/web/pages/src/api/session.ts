/** Who is logged in on this page. Chat and console keep separate sessions in one browser. */
import { reactive } from 'vue'
import type { Me } from './types'

interface Session {
  token: string | null
  me: Me | null
  /** Said on the login screen after a session ended by itself. */
  notice: string
}

let storageKey = 'guanjia.token'

export const session = reactive<Session>({ token: null, me: null, notice: '' })

export function restoreSession(key: string): void {
  storageKey = key
  session.token = localStorage.getItem(key)
}

export function keepToken(token: string): void {
  session.token = token
  session.notice = ''
  localStorage.setItem(storageKey, token)
}

export function endSession(notice = ''): void {
  session.token = null
  session.me = null
  session.notice = notice
  localStorage.removeItem(storageKey)
}

export function may(permission: string): boolean {
  return session.me?.permissions.includes(permission) ?? false
}
