/** What the columns of the audit log and their values are called for people; anything new shows by its own name. */
import type { AuditRow } from '@/api/types'
import { enums, titleOf } from '@/shared/enums'
import { timeText } from '@/shared/format'

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
  room_id: '房屋',
  place: '位置',
  raw: '原话',
  asset_id: '设备',
  reporter_id: '报修人',
  technician_id: '师傅',
  work_order_id: '工单',
  staff_id: '客服',
  mode: '谁在答',
  waiting_since: '开始等',
  reason: '转人工的原因',
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
  role: '身份',
  skills: '专长',
  attachments: '图片',
  confirmation: '入户确认',
  title: '标题',
  file_name: '文件名',
  pages: '页数',
  size_bytes: '大小（字节）',
  failure: '没成的原因',
  problem: '问题',
  uploaded_by_id: '谁上传',
  said_by_id: '谁说的',
  by_staff: '客服说的',
  started_by: '谁启动',
  created_by: '谁建的',
  used_by: '谁启用',
  wanted_by: '谁要换上',
  used_since: '启用时间',
  ended_at: '结束时间',
  at: '时间',
  state: '状态',
  model: '模型',
  compared_with: '和谁比',
  labels: '标注',
  own: '本人又报一次',
  score: '相似度',
  opened_id: '另开的工单',
  first_id: '前一张工单',
  second_id: '后一张工单',
}
/** Values that no list of the backend names. */
const VALUES: Record<string, Record<string, string>> = {
  mode: { bot: '管家', staff: '人工' },
  reason: {
    asked: '要求人工',
    topic: '需要人工办理',
    not_understood: '管家没听懂',
    failed: '管家没办成',
    bot_down: '管家暂时不可用',
    emergency: '紧急情况',
    staff: '客服主动接手',
  },
  'assets.status': { up: '正常', degraded: '带病运行', down: '停用' },
  'documents.status': { uploaded: '已上传', indexing: '整理中', ready: '可以用了', failed: '没整理成' },
  'training_runs.state': {
    queued: '排队',
    snapshot: '取数据',
    training: '训练中',
    scoring: '评分中',
    ready: '可以换上',
    refused: '没通过',
    failed: '没成',
    promoted: '已换上',
    superseded: '已被取代',
  },
  'training_models.state': { kept: '留着', in_use: '在用', gone: '已删' },
  confirmation: { pending: '等客服确认', confirmed: '已确认' },
}
/** Bookkeeping that tells a reader nothing. */
const SILENT = new Set(
  'id version updated_at created_at source_key community_id person_id password_hash value last_at last_text last_direction unread sha256 data_digest report figures run_id'.split(' '),
)
const TIME = /^\d{4}-\d{2}-\d{2}T/

export interface Change {
  field: string
  before: string
  after: string
}

function titleIn(row: AuditRow, field: string, value: string): string {
  const lists: Record<string, { value: string; title: string }[]> = {
    status: enums.statuses,
    category: enums.categories,
    urgency: enums.urgencies,
    scope: enums.scopes,
    source: enums.sources,
  }
  const own = VALUES[`${row.entity}.${field}`] ?? VALUES[field]
  if (own) return own[value] ?? value
  return lists[field] ? titleOf(lists[field], value) : value
}

function show(row: AuditRow, field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '空'
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value)) return value.length ? value.map((each) => titleOf(enums.categories, String(each))).join('、') : '空'
  if (typeof value === 'number') return row.names[field]?.[String(value)] ?? String(value)
  if (typeof value !== 'string') return JSON.stringify(value)
  return TIME.test(value) ? timeText(value) : titleIn(row, field, value)
}

export function changesOf(row: AuditRow): Change[] {
  const { before, after } = row
  return [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
    .filter((field) => !SILENT.has(field))
    .map((field) => ({
      field: FIELDS[field] ?? field,
      before: show(row, field, before?.[field]),
      after: show(row, field, after?.[field]),
    }))
    .filter((change) => change.before !== change.after)
}
