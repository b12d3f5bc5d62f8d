/** Numbers of settings as people say them. */

const HOUR = 60
/** A working day as targets count it. */
const WORKDAY = 9 * HOUR

/** 30 分钟 · 2 小时 · 1 个工作日 */
export function minutesText(minutes: number, roundTheClock = true): string {
  if (!roundTheClock && minutes >= WORKDAY && minutes % WORKDAY === 0) return `${minutes / WORKDAY} 个工作日`
  if (minutes < HOUR) return `${minutes} 分钟`
  const rest = minutes % HOUR
  return `${Math.floor(minutes / HOUR)} 小时${rest ? ` ${rest} 分` : ''}`
}

export const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日']
/** 每天 · 周一到周五 · 周一三五 */
export function weekdaysText(days: readonly number[]): string {
  const sorted = [...days].sort()
  if (sorted.length === 7) return '每天'
  const run = sorted.length > 2 && sorted.every((day, at) => day === sorted[0]! + at)
  return run ? `周${WEEKDAYS[sorted[0]! - 1]}到周${WEEKDAYS[sorted.at(-1)! - 1]}` : `周${sorted.map((day) => WEEKDAYS[day - 1]).join('')}`
}

export const DUTY: Record<string, { title: string; tone: 'done' | 'info' | 'off' | 'warn' }> = {
  on: { title: '在班', tone: 'done' },
  on_call: { title: '备班', tone: 'info' },
  off: { title: '下班', tone: 'off' },
  leave: { title: '请假', tone: 'warn' },
}
export const MODES = [
  { value: 'grab', title: '抢单', why: '发给对口的师傅，先抢先得；到时没人抢就自动派' },
  { value: 'assign', title: '指派', why: '客服自己挑人' },
  { value: 'auto', title: '自动派单', why: '按专长、班次、远近和手上的活自动派' },
]
export const ITEM_KINDS = [
  { value: 'check', title: '勾选' },
  { value: 'number', title: '读数' },
  { value: 'photo', title: '拍照' },
]

const KINDS: Record<string, 'rest' | 'work' | 'festival'> = { 休: 'rest', 放假: 'rest', 班: 'work', 上班: 'work', 节: 'festival' }

/** Reads pasted lines such as 「2027-02-06 休 春节」. A line that is not understood is named. */
export function readDays(text: string, year: number): { days: { date: string; kind: 'rest' | 'work' | 'festival'; name: string | null }[]; wrong: string[] } {
  const days = []
  const wrong = []
  for (const [at, line] of text.split('\n').entries()) {
    if (!line.trim()) continue
    const [date = '', kind = '', ...name] = line.trim().split(/[\s,，\t]+/)
    const found = KINDS[kind]
    const valid = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date))
    if (!valid || !found) wrong.push(`第 ${at + 1} 行看不懂：${line.trim().slice(0, 30)}`)
    else if (!date.startsWith(String(year))) wrong.push(`第 ${at + 1} 行不是 ${year} 年的日子`)
    else days.push({ date, kind: found, name: name.join(' ') || null })
  }
  return { days, wrong }
}
