/** One list out of several that follow each other: what is to be done first, then the rest. */
import type { Page } from '@/api/types'

type Fetch<T> = (cursor?: string) => Promise<Page<T>>

export function inPhases<T>(phases: Fetch<T>[]): Fetch<T> {
  return async (cursor) => {
    const [at, inside] = cursor ? [Number(cursor.slice(0, cursor.indexOf(':'))), cursor.slice(cursor.indexOf(':') + 1)] : [0, '']
    let phase = at
    let page = await phases[phase]!(inside || undefined)
    const items = [...page.items]
    while (!page.next && phase + 1 < phases.length && items.length < 20) {
      phase += 1
      page = await phases[phase]!()
      items.push(...page.items)
    }
    const following = page.next ? `${phase}:${page.next}` : phase + 1 < phases.length ? `${phase + 1}:` : null
    return { items, next: following }
  }
}
