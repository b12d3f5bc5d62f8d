/** Short names for what the backend sends (generated in schema.d.ts), and what its open parts hold. */
import type { components } from './schema'

type Schemas = components['schemas']
type With<T, Changes> = Omit<T, keyof Changes> & Changes

export type Me = Schemas['MeOut']
export type DemoAccount = Schemas['DemoAccount']
export type Button = Schemas['ButtonOut']
export type Attachment = Schemas['AttachmentOut']

export type Order = Schemas['OrderOut']
export type OrderDetail = Schemas['OrderDetail']
export type NextStep = Schemas['AllowedOut']
export type TimelineEvent = Schemas['TimelineOut']

/** A card's content depends on its type. */
export type OrderCardContent = { type: 'work_order' } & Order
export interface DangerCard {
  type: 'danger'
  title: string
  lines: string[]
  order_number: string
  /** The person has said that it is over. */
  over?: boolean
  phones: { title: string; number: string }[]
}
export type Card = OrderCardContent | DangerCard

export type Said = Schemas['ChatOut']
export type Message = With<Schemas['MessageOut'], { card: Card | null; sender: Sender }>
export interface Sender {
  kind: 'person' | 'bot' | 'staff' | 'notice'
  name: string
}
export type MyConversation = Schemas['MineOut']
export type History = With<Schemas['HistoryOut'], { items: Message[] }>
export type Conversation = Schemas['ConversationOut']

export interface Page<T> {
  items: T[]
  next: string | null
  total?: number | null
}

export type Person = Schemas['PersonPage']['items'][number]
export type Room = Schemas['RoomOut']
/** What the bot understands: drafts resolved for the speaker. */
export type Parsed = With<
  Schemas['ParseOut'],
  { items: { category: string; urgency: string; scope: string; place_text: string; location: Partial<Record<string, string | null>> }[] }
>
export type Equipment = Schemas['AssetOut']
export type Choice = Schemas['ChoiceOut']
export type Enums = Schemas['EnumsOut']
export type Dashboard = Schemas['DashboardOut']
export type AuditRow = Schemas['AuditLineOut']

export type LiveEvent =
  | { event: 'message'; data: { conversation_id: string; message: Message } }
  | { event: 'conversation'; data: Conversation | MyConversation }
  | { event: 'work_order'; data: { number: string; status: string; version: number } }
  | { event: 'knowledge'; data: { document_id: number; status: string } }
  | { event: 'training'; data: { run: number; state: string } }
  | { event: 'complaint'; data: { number: string; status: string; version: number } }
  | { event: 'callback'; data: object }
  | { event: 'incident'; data: { number: string; state: string } }
