/** Money is fen everywhere; people read yuan: ¥1,234.56 */
const yuanFormat = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export const yuan = (fen: number): string => `${fen < 0 ? '-' : ''}¥${yuanFormat.format(Math.abs(fen) / 100)}`
