/** What stands beside a line of the history: its icon, its tone, and whether residents read it. */
import { Bell, Camera, Clock, Connection, Document, DocumentChecked, EditPen, Flag, Lock, Memo, Position, Promotion, Right, Scissor, Star, Switch, User, Wallet } from '@element-plus/icons-vue'
import type { Component } from 'vue'
import type { Tone } from '@/shared/status'

interface Kind {
  icon: Component
  tone: Tone
}

const KINDS: Record<string, Kind> = {
  reported: { icon: Flag, tone: 'info' },
  transition: { icon: Right, tone: 'info' },
  assign: { icon: Promotion, tone: 'info' },
  note: { icon: Memo, tone: 'off' },
  remark: { icon: Lock, tone: 'waiting' },
  urge: { icon: Bell, tone: 'danger' },
  clock: { icon: Clock, tone: 'warn' },
  edit: { icon: EditPen, tone: 'off' },
  arrival: { icon: Position, tone: 'active' },
  photo: { icon: Camera, tone: 'active' },
  checklist: { icon: DocumentChecked, tone: 'active' },
  mate: { icon: User, tone: 'active' },
  transfer: { icon: Switch, tone: 'active' },
  signature: { icon: EditPen, tone: 'done' },
  parts: { icon: Wallet, tone: 'off' },
  cost: { icon: Wallet, tone: 'off' },
  quote: { icon: Wallet, tone: 'waiting' },
  rating: { icon: Star, tone: 'done' },
  again: { icon: Connection, tone: 'off' },
  relation: { icon: Connection, tone: 'off' },
  split: { icon: Scissor, tone: 'off' },
  incident: { icon: Connection, tone: 'warn' },
}
const PLAIN: Kind = { icon: Document, tone: 'off' }
/** Kinds that the server keeps from residents. */
const INTERNAL = new Set(['remark', 'arrival', 'checklist', 'transfer'])

export const kindOf = (kind: string): Kind => KINDS[kind] ?? PLAIN
export const isInternal = (kind: string): boolean => INTERNAL.has(kind)
