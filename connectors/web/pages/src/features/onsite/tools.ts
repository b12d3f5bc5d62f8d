/** What can be done at a job beside the next step, by where it stands and what the person is for it. */

export type ToolName =
  | 'arrive' | 'photo' | 'checklist' | 'material' | 'labour' | 'quote' | 'suspend'
  | 'transfer' | 'mate' | 'sign' | 'way' | 'remark' | 'scan' | 'finish'

export interface Where {
  status: string
  holder: boolean
  home: boolean
  checklist: boolean
}

interface Tool {
  name: ToolName
  title: string
  fits: (where: Where) => boolean
}

const among =
  (...statuses: string[]) =>
  (where: Where): boolean =>
    statuses.includes(where.status)
const worked = among('accepted', 'on_site', 'suspended', 'finished')
const begun = among('accepted', 'on_site', 'suspended')
const inHand = among('dispatched', 'accepted', 'on_site', 'suspended')
const held = (fits: (where: Where) => boolean) => (where: Where) => where.holder && fits(where)

/** In the order in which they are needed. */
const TOOLS: Tool[] = [
  { name: 'arrive', title: '到场', fits: (where) => (where.holder ? among('dispatched', 'suspended')(where) : inHand(where)) },
  { name: 'photo', title: '拍照', fits: worked },
  { name: 'checklist', title: '检查单', fits: (where) => where.checklist && worked(where) },
  { name: 'material', title: '用料', fits: held(begun) },
  { name: 'labour', title: '工时', fits: held(begun) },
  { name: 'quote', title: '报价', fits: held((where) => where.home && begun(where)) },
  { name: 'sign', title: '签字', fits: held(among('on_site', 'finished')) },
  { name: 'suspend', title: '挂起', fits: held(among('accepted', 'on_site')) },
  { name: 'mate', title: '同行', fits: held(inHand) },
  { name: 'transfer', title: '转单', fits: held(inHand) },
  { name: 'way', title: '导航', fits: () => true },
  { name: 'remark', title: '内部备注', fits: () => true },
  { name: 'scan', title: '扫码', fits: () => true },
]

export const toolsFor = (where: Where): Tool[] => TOOLS.filter((tool) => tool.fits(where))

/** The next step from a state that the server has not confirmed yet. */
const NEXT: Record<string, { to: string; title: string }> = {
  dispatched: { to: 'accepted', title: '接单' },
  accepted: { to: 'on_site', title: '到场' },
  on_site: { to: 'finished', title: '完工' },
  suspended: { to: 'accepted', title: '恢复' },
}

export const nextAfter = (status: string): { to: string; title: string } | null => NEXT[status] ?? null
