/** Which of the pages' faces a person sees. */
import { session } from '@/api/session'

export function isTechnician(): boolean {
  return session.me?.roles.includes('technician') ?? false
}

const TITLES: Record<string, string> = {
  owner: '业主',
  tenant: '租户',
  technician: '维修师傅',
  customer_service: '客服',
  finance: '财务',
  manager: '项目经理',
  regional: '区域经理',
  administrator: '管理员',
}

export function roleTitles(roles: readonly string[]): string {
  return roles.map((role) => TITLES[role] ?? role).join('、')
}
