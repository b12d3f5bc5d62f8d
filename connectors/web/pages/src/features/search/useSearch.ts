/** One search over everything the desk works with; each kind only where one may read it. */
import { ref, watch } from 'vue'
import { api, wordsOf } from '@/api/client'
import { may } from '@/api/session'
import type { Page, Room } from '@/api/types'
import { estate, estateName, inEstate, manyEstates } from '@/console/estate'
import { listEquipment } from '@/features/equipment/api'
import { roleTitles } from '@/features/identity/roles'
import { listPeople } from '@/features/people/api'
import { listOrders } from '@/features/workorders/api'
import { deviceTone } from '@/features/equipment/status'
import { statusTone, type Tone } from '@/shared/status'

export interface Hit {
  key: string
  kind: string
  title: string
  detail: string
  tag: string
  tone: Tone
  to: string
}

const PAUSE_MS = 200
const EACH = 5
const at = (path: string, q: string): string => `${path}?q=${encodeURIComponent(q)}`
const where = (community: string): string => (manyEstates.value ? estateName(community) : '')

async function orders(q: string): Promise<Hit[]> {
  const { items } = await listOrders({ q, community: estate.value, limit: EACH })
  return items.filter(inEstate).map((order) => ({
    key: order.number,
    kind: '工单',
    title: order.number,
    detail: [where(order.community), `${order.place_text} · ${order.fault}`].filter(Boolean).join(' '),
    tag: order.status_title,
    tone: statusTone(order.status),
    to: `/orders/${order.number}`,
  }))
}

async function people(q: string): Promise<Hit[]> {
  const { items } = await listPeople({ q, community: estate.value, limit: EACH })
  return items.map((person) => ({
    key: `person-${person.id}`,
    kind: '人',
    title: person.name,
    detail: [person.homes.join('、'), person.phone ?? person.phone_masked].filter(Boolean).join(' · '),
    tag: roleTitles(person.roles),
    tone: 'off',
    to: at('/people', person.username),
  }))
}

async function rooms(q: string): Promise<Hit[]> {
  const { items } = await api.get<Page<Room>>('/rooms', { q, community: estate.value, limit: EACH })
  return items.map((room) => ({
    key: `room-${room.id}`,
    kind: '房屋',
    title: room.label,
    detail: [where(room.community), may('workorders.read') ? '看它的工单' : '看住的人'].filter(Boolean).join(' · '),
    tag: '',
    tone: 'off',
    to: at(may('workorders.read') ? '/orders' : '/people', room.label),
  }))
}

async function devices(q: string): Promise<Hit[]> {
  const { items } = await listEquipment({ q, community: estate.value, limit: EACH })
  return items.filter(inEstate).map((asset) => ({
    key: `asset-${asset.id}`,
    kind: '设备',
    title: asset.name,
    detail: [where(asset.community), asset.code, asset.place_text].filter(Boolean).join(' · '),
    tag: asset.status_title,
    tone: deviceTone(asset.status),
    to: `/equipment/${asset.id}`,
  }))
}

const SOURCES: { permission: string; find: (q: string) => Promise<Hit[]> }[] = [
  { permission: 'workorders.read', find: orders },
  { permission: 'people.read', find: people },
  { permission: 'people.read', find: rooms },
  { permission: 'equipment.read', find: devices },
]

export function useSearch() {
  const words = ref('')
  const hits = ref<Hit[] | null>(null)
  const error = ref('')
  let timer = 0
  let round = 0

  watch(words, () => {
    clearTimeout(timer)
    timer = window.setTimeout(find, PAUSE_MS)
  })

  async function find(): Promise<void> {
    const q = words.value.trim()
    const mine = ++round
    error.value = ''
    if (!q) return void (hits.value = null)
    const asked = await Promise.allSettled(SOURCES.filter((source) => may(source.permission)).map((source) => source.find(q)))
    if (mine !== round) return
    hits.value = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    const failed = asked.find((answer) => answer.status === 'rejected')
    if (failed && !hits.value.length) error.value = wordsOf(failed.reason)
  }

  function clear(): void {
    words.value = error.value = ''
    hits.value = null
  }

  return { words, hits, error, clear }
}
