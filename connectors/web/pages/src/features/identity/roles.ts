/** Which of the pages' faces a person sees, by role. */
import { session } from '@/api/session'
import type { Role } from '@/api/types'

const TITLES: Record<string, string> = {
  owner: '业主',
  tenant: '租户',
  family: '家属',
  technician: '维修师傅',
  customer_service: '客服',
  finance: '财务',
  manager: '项目经理',
  regional_manager: '区域经理',
  security: '保安',
  admin: '管理员',
}

export function roleTitle(role: Role): string {
  return TITLES[role] ?? role
}

export function roleTitles(roles: readonly Role[]): string {
  return roles.map(roleTitle).join('、')
}

export function isTechnician(): boolean {
  return session.me?.roles.includes('technician') ?? false
}
