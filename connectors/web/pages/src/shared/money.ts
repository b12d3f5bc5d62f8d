/** Money is whole fen inside and yuan before people: ¥1,234.56. */

const FEN = 100
const format = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export const yuan = (fen: number): string => `${fen < 0 ? '-' : ''}¥${format.format(Math.abs(fen) / FEN)}`

/** What stands in a field: 12.5 */
export const yuanText = (fen: number): string => String(fen / FEN)

/** The fen of a field in yuan; null when it is no sum of money. */
export function fenOf(text: string): number | null {
  const clean = text.replace(/[¥￥,\s]/g, '')
  return /^\d{1,6}(\.\d{1,2})?$/.test(clean) ? Math.round(Number(clean) * FEN) : null
}
