/** What the bot makes of the words that staff type for somebody: fills what nobody has chosen by hand, never more. */
import { computed, onUnmounted, reactive, ref, watch } from 'vue'
import { api } from '@/api/client'
import { may } from '@/api/session'
import type { Parsed, Person } from '@/api/types'
import { enums, titleOf } from '@/shared/enums'

const PAUSE_MS = 500
const SHORTEST = 3
/** Places that mean something only for somebody whose home is known. */
const RELATIVE = /楼[下上道梯]|走廊|对门|隔壁|门口|大堂|家/

export interface OrderFields {
  community: string
  fault: string
  category: string
  urgency: string
  scope: string
}
export interface Place {
  building: string
  unit: string
  floor: string
  room: string
  place: string
}
export type Touchable = 'category' | 'urgency' | 'scope' | 'place'

export function useProposal(form: OrderFields, place: Place, speaker: () => Person | null) {
  const touched = reactive(new Set<Touchable>())
  const heard = ref<Parsed | null>(null)
  let timer = 0
  let round = 0

  const hint = computed(() => {
    const item = heard.value?.items[0]
    if (!heard.value || !item) return ''
    const open = speaker() || item.location.building ? '' : '。选好替谁报，位置能自动对上'
    const parts = [titleOf(enums.categories, item.category), titleOf(enums.urgencies, item.urgency), item.place_text]
    const more = heard.value.items.length > 1 ? `。这句话里有 ${heard.value.items.length} 件事，这里登记第一件，其余请再登记` : ''
    return `管家听成：${parts.filter(Boolean).join(' · ')}（不对可以改）${open}${more}`
  })

  watch([() => form.fault, () => speaker()?.username, () => form.community], () => {
    clearTimeout(timer)
    if (form.fault.trim().length < SHORTEST || !may('nlu.parse')) return void (heard.value = null)
    timer = window.setTimeout(ask, PAUSE_MS)
  })
  onUnmounted(() => clearTimeout(timer))

  async function ask(): Promise<void> {
    const mine = ++round
    const as = speaker()?.username
    const found = await api.post<Parsed>('/nlu/parse', { text: form.fault.trim(), ...(as ? { as } : {}) }).catch(() => null)
    if (mine !== round) return
    heard.value = found
    const item = found?.items[0]
    if (found && item) fill(item, found.danger !== null)
  }

  function fill(item: Parsed['items'][number], danger: boolean): void {
    if (!touched.has('category')) form.category = item.category
    if (!touched.has('urgency')) form.urgency = danger ? 'emergency' : item.urgency
    if (!touched.has('scope')) form.scope = item.scope
    const { community, building, unit, floor, room, place: words } = item.location
    const known = building || (words && !RELATIVE.test(words))
    if (touched.has('place') || !known || community !== form.community) return
    Object.assign(place, { building: building ?? '', unit: unit ?? '', floor: floor ?? '', room: room ?? '', place: words ?? '' })
  }

  function forget(): void {
    round += 1
    clearTimeout(timer)
    touched.clear()
    heard.value = null
  }

  return { touched, hint, forget }
}
