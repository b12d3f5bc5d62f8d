/** The address of an order's checklist: sent in chat, opens the job with its checklist on the holder's phone page. */

const NAME = 'checklist'
const WRITTEN = /https?:\/\/[^\s/]+\/\?checklist=([A-Z]{2,4}\d{4}-\d{4,})/g

export interface Part {
  text: string
  href?: string
}

/** The words of a message, with links that stay on this page; other addresses stay words. */
export function withLinks(text: string): Part[] {
  const parts: Part[] = []
  let at = 0
  for (const found of text.matchAll(WRITTEN)) {
    parts.push({ text: text.slice(at, found.index) }, { text: '打开检查单', href: `/?${NAME}=${found[1]}` })
    at = found.index + found[0].length
  }
  return [...parts, { text: text.slice(at) }].filter((part) => part.text)
}

/** The order whose checklist this page was opened for; asked for once. */
export function takeAsked(): string | null {
  const asked = new URLSearchParams(location.search).get(NAME)
  if (asked !== null) history.replaceState(history.state, '', location.pathname)
  return asked
}
