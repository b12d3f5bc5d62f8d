/** What the backend sends and takes, by the names of its contract. */

export type Id = number

export type Role = 'owner' | 'tenant' | 'technician' | 'staff' | 'manager' | 'finance' | 'admin' | (string & {})

export interface Home {
  community: string
  community_name: string
  building: string
  unit: string | null
  room: string
  label: string
}

export interface Me {
  id: Id
  username: string
  name: string
  phone_masked: string | null
  roles: Role[]
  role_titles: string[]
  permissions: string[]
  communities: { code: string; name: string }[]
  homes: Home[]
}

export interface DemoAccount {
  username: string
  who: string
  where: string
}

export interface Button {
  title: string
  payload: string
}

export interface Attachment {
  media_id: string
  url: string
  content_type: string
}

export interface NextStep {
  to: string
  title: string
  needs_note: boolean
  primary: boolean
}

export interface OrderLocation {
  community: string | null
  building: string | null
  unit: string | null
  floor: string | null
  room: string | null
  place: string | null
  raw: string | null
}

export interface PersonRef {
  id: Id
  name: string
  phone?: string | null
}

export interface Order {
  number: string
  community: string
  status: string
  status_title: string
  category: string
  category_title: string
  urgency: string
  urgency_title: string
  scope: string | null
  scope_title: string | null
  location: OrderLocation
  place_text: string
  asset_id: Id | null
  asset_name: string | null
  fault: string
  reporter: PersonRef | null
  technician: PersonRef | null
  preferred_time: string | null
  /** Media ids. */
  attachments: string[]
  source: string
  source_title: string
  created_at: string
  updated_at: string
  version: number
  promised_at: string | null
  steps: { title: string; state: 'done' | 'active' | 'todo' }[]
  rating: { stars: number; words: string | null } | null
  merged_into: string | null
  allowed: NextStep[]
}

export interface TimelineEvent {
  at: string
  actor: { name: string; kind: string }
  kind: string
  title: string
  text: string | null
  from_status: string | null
  to_status: string | null
}

export interface OrderDetail extends Order {
  timeline: TimelineEvent[]
  conversation_id: Id | null
}

export interface DangerCard {
  type: 'danger'
  title: string
  lines: string[]
  phones: { title: string; number: string }[]
}

export type Card = ({ type: 'work_order' } & Order) | DangerCard

export interface Reply {
  text: string
  buttons?: Button[]
  card?: Card | null
}

export interface NluItem {
  text: string
  category?: string | null
  urgency?: string | null
  scope?: string | null
  place_words?: string | null
  fault?: string | null
}

export interface Understanding {
  intent: string
  intent_title: string
  confidence: number
  items: NluItem[]
}

export interface Message {
  id: Id
  conversation_id: Id
  at: string
  direction: 'in' | 'out'
  sender: { kind: 'person' | 'bot' | 'staff' | 'notice'; name: string }
  text: string
  label: string | null
  buttons: Button[]
  card: Card | null
  attachments: Attachment[]
  status: 'received' | 'answering' | 'answered' | 'handed_over' | 'failed' | 'sent'
  nlu: Understanding | null
}

export interface MyConversation {
  id: Id | null
  mode: 'bot' | 'staff'
  staff_name: string | null
  waiting: number
}

export interface History {
  items: Message[]
  next: Id | null
  conversation: MyConversation
}

export interface Conversation {
  id: Id
  community: string
  community_name: string
  person: { id: Id; name: string; roles: Role[]; homes: string[]; phone_masked: string | null }
  mode: 'bot' | 'staff'
  waiting: boolean
  waiting_since: string | null
  reason: string | null
  reason_title: string | null
  danger: boolean
  staff: { id: Id; name: string } | null
  last_message: { text: string; at: string; direction: 'in' | 'out' } | null
  unread: number
}

export interface Page<T> {
  items: T[]
  next: string | null
  total?: number | null
}

export interface Person {
  id: Id
  username: string
  name: string
  roles: Role[]
  skills: string[]
  skill_titles: string[]
  phone_masked: string | null
  communities: string[]
  open_orders: number
}

export interface Equipment {
  id: Id
  code: string
  name: string
  aliases: string[]
  kind: string
  kind_title: string
  community: string
  building: string | null
  unit: string | null
  floor: string | null
  place: string | null
  place_text: string
  status: string
  status_title: string
}

export interface Choice {
  value: string
  title: string
  tone?: string
}

export interface Enums {
  statuses: Choice[]
  categories: Choice[]
  urgencies: Choice[]
  scopes: Choice[]
  sources: Choice[]
  intents: Choice[]
}

export interface Dashboard {
  cards: { key: string; title: string; value: number; tone: 'info' | 'warn' | 'danger' | 'done'; query: string }[]
  late: Order[]
}

export interface AuditRow {
  at: string
  actor: string | null
  action: string
  entity: string
  entity_id: string
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  channel: string | null
  ip: string | null
  trace_id: Id | null
}

export type LiveEvent =
  | { event: 'message'; data: { conversation_id: Id; message: Message } }
  | { event: 'conversation'; data: Conversation }
  | { event: 'work_order'; data: { number: string; status: string; version: number } }
