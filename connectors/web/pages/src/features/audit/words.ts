/** What audit rows are called for people; anything new shows by its own name. */
import { enums, titleOf } from '@/shared/enums'
import { timeText } from '@/shared/format'

const ACTIONS: Record<string, string> = { create: '新建', update: '修改', delete: '删除' }
const ENTITIES: Record<string, string> = {
  work_orders: '工单',
  work_order_followers: '工单关注人',
  assets: '设备',
  people: '人员',
  memberships: '身份',
  communities: '小区',
  buildings: '楼栋',
  rooms: '房屋',
  places: '地点',
  media: '图片',
  conversations: '会话',
}
const FIELDS: Record<string, string> = {
  number: '编号',
  status: '状态',
  category: '类别',
  urgency: '紧急程度',
  scope: '范围',
  fault: '内容',
  building: '楼号',
  unit: '单元',
  floor: '楼层',
  room: '房号',
  place: '位置',
  raw: '原话',
  asset_id: '设备号',
  reporter_id: '报修人号',
  technician_id: '师傅号',
  staff_id: '客服号',
  mode: '谁在答',
  waiting_since: '开始等',
  reason: '转人工原因',
  topic: '事由',
  danger: '危险',
  preferred_time: '希望时间',
  promised_at: '答应时间',
  rating_stars: '星级',
  rating_words: '评语',
  merged_into: '并入',
  source: '来源',
  name: '名称',
  code: '编号',
  aliases: '俗称',
  kind: '类别',
  phone: '电话',
  username: '账号',
  role: '角色',
  skills: '专长',
  attachments: '图片',
}
/** Bookkeeping that tells a reader nothing. */
const SILENT = new Set(
  'id version updated_at created_at source_key community_id person_id password_hash value last_at last_text last_direction unread'.split(' '),
)
const TIME = /^\d{4}-\d{2}-\d{2}T/

export interface Change {
  field: string
  before: string
  after: string
}

export const actionTitle = (action: string): string => ACTIONS[action] ?? action
export const entityTitle = (entity: string): string => ENTITIES[entity] ?? entity

function titleIn(field: string, value: string): string {
  const lists: Record<string, { value: string; title: string }[]> = {
    status: enums.statuses,
    category: enums.categories,
    urgency: enums.urgencies,
    scope: enums.scopes,
    source: enums.sources,
  }
  return lists[field] ? titleOf(lists[field], value) : value
}

function show(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '空'
  if (Array.isArray(value)) return value.length ? value.map(String).join('、') : '空'
  if (typeof value !== 'string') return JSON.stringify(value)
  return TIME.test(value) ? timeText(value) : titleIn(field, value)
}

export function changesOf(before: Record<string, unknown> | null, after: Record<string, unknown> | null): Change[] {
  return [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
    .filter((field) => !SILENT.has(field))
    .map((field) => ({
      field: FIELDS[field] ?? field,
      before: show(field, before?.[field]),
      after: show(field, after?.[field]),
    }))
    .filter((change) => change.before !== change.after)
}
