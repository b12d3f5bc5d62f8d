/** The labelling bench: a list, the message in hand, the label that is being chosen, and a way back. */
import { computed, reactive, ref, watch } from 'vue'
import { estate } from '@/console/estate'
import { failed, said } from '@/shared/toast'
import { usePaged } from '@/shared/usePaged'
import { getSample, listSamples, saveLabels, skipSamples, undoLabels, type Label, type Sample, type SampleDetail } from './api'
import { labelText, REPORTING } from './words'

const ALIKE_ENOUGH = 0.7

const DENIED = new Set(['rejected', 'false_alarm'])

/** What to propose: nothing when the speaker has denied what the bot understood and nobody has said what was meant. */
function sureOf({ sample, suggestions }: SampleDetail): Label | undefined {
  const denied = sample.reasons.some((reason) => DENIED.has(reason.why))
  return denied && suggestions[0]?.source === 'model' ? undefined : suggestions[0]?.label
}

export function useBench(why: () => string, changed: () => void) {
  const q = ref('')
  const list = usePaged<Sample>((cursor) =>
    listSamples({ state: 'waiting', why: why(), q: q.value.trim(), community: estate.value, cursor, limit: 50 }),
  )
  const at = ref(0)
  const detail = ref<SampleDetail | null>(null)
  const label = reactive<Required<Label>>({ intent: '', category: null, urgency: null, scope: null })
  const checked = ref(new Set<number>())
  const undoable = ref<number[][]>([])
  const busy = ref(false)
  const current = computed(() => list.items.value[at.value] ?? null)
  let round = 0

  async function open(): Promise<void> {
    const mine = ++round
    const sample = current.value
    detail.value = null
    if (!sample) return
    const found = await getSample(sample.id).catch((problem: unknown) => failed(problem))
    if (mine !== round || !found) return
    detail.value = found
    checked.value = new Set(found.similar.filter((each) => each.likeness >= ALIKE_ENOUGH).map((each) => each.sample.id))
    choose(sureOf(found) ?? { intent: '' })
  }

  function choose(wanted: Label): void {
    Object.assign(label, { intent: wanted.intent, category: wanted.category ?? null, urgency: wanted.urgency ?? null, scope: wanted.scope ?? null })
  }

  /** Another intent; the fields that the bot saw stay where the intent has an order. */
  function chooseIntent(intent: string): void {
    const seen = (detail.value?.sample.items[0] ?? {}) as Partial<Label>
    const fields = REPORTING.has(intent) ? { category: label.category ?? seen.category, urgency: label.urgency ?? seen.urgency, scope: label.scope ?? seen.scope } : {}
    choose({ intent, ...fields })
  }

  function toggle(id: number): void {
    const next = new Set(checked.value)
    if (!next.delete(id)) next.add(id)
    checked.value = next
  }

  function toggleAll(): void {
    const all = detail.value?.similar.map((each) => each.sample.id) ?? []
    checked.value = new Set(checked.value.size === all.length ? [] : all)
  }

  function step(by: number): void {
    at.value = Math.max(0, Math.min(list.items.value.length - 1, at.value + by))
    if (at.value > list.items.value.length - 5) void list.more()
  }

  async function settle(send: (ids: number[]) => Promise<unknown>, words: (count: number) => string, ids: number[]): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      await send(ids)
      undoable.value.push(ids)
      list.items.value = list.items.value.filter((sample) => !ids.includes(sample.id))
      at.value = Math.min(at.value, Math.max(0, list.items.value.length - 1))
      if (!list.items.value.length) await list.reload()
      said(words(ids.length))
      changed()
    } catch (problem) {
      failed(problem)
    } finally {
      busy.value = false
    }
  }

  const inHand = (): number[] => (detail.value ? [detail.value.sample.id, ...checked.value] : [])

  async function save(): Promise<void> {
    if (!detail.value || !label.intent) return
    const { intent, category, urgency, scope } = label
    const wanted = { intent, category, urgency, scope }
    await settle((ids) => saveLabels(ids, wanted), (n) => `${n > 1 ? `${n} 条` : ''}标为「${labelText(wanted)}」，按 U 撤回`, inHand())
  }

  async function skip(): Promise<void> {
    if (detail.value) await settle(skipSamples, () => '这条不用来训练，按 U 撤回', [detail.value.sample.id])
  }

  async function undo(): Promise<void> {
    const ids = undoable.value.pop()
    if (!ids || busy.value) return
    busy.value = true
    try {
      await undoLabels(ids)
      await list.reload()
      at.value = Math.max(0, list.items.value.findIndex((sample) => sample.id === ids[0]))
      said('已撤回')
      changed()
    } catch (problem) {
      undoable.value.push(ids)
      failed(problem)
    } finally {
      busy.value = false
    }
  }

  async function reload(): Promise<void> {
    at.value = 0
    await list.reload()
  }

  watch(() => current.value?.id, open)
  return { q, list, at, current, detail, label, checked, undoable, busy, choose, chooseIntent, toggle, toggleAll, step, save, skip, undo, reload }
}
