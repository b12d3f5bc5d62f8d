/** Quantities are decimals with at most three places, sent as texts. */
export const isQuantity = (text: string): boolean => /^\d{1,6}(\.\d{1,3})?$/.test(text) && Number(text) > 0

/** What so much costs, as it is shown before the server says it. */
export const amountOf = (quantity: string, priceFen: number): number => Math.round((Number(quantity) || 0) * priceFen)
