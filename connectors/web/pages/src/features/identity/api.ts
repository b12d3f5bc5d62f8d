import { api, ApiError, raw } from '@/api/client'
import { endSession, keepToken, session } from '@/api/session'
import type { DemoAccount, Me } from '@/api/types'

export const DEMO_PASSWORD = 'demo1234'

export async function logIn(username: string, password: string): Promise<void> {
  const form = new URLSearchParams({ username, password })
  const response = await raw('POST', '/auth/token', form)
  keepToken(((await response.json()) as { access_token: string }).access_token)
  await loadMe()
}

export async function loadMe(): Promise<void> {
  session.me = await api.get<Me>('/me')
}

export function logOut(): void {
  endSession()
}

/** The accounts to tap in a demo run; none otherwise. */
export async function demoAccounts(): Promise<DemoAccount[]> {
  try {
    return (await api.get<{ accounts: DemoAccount[] }>('/demo')).accounts
  } catch (error) {
    if (error instanceof ApiError) return []
    throw error
  }
}
