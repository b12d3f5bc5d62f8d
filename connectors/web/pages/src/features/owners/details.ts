/** The orders whose details are open, whichever card of them is the newest. */
import { reactive } from 'vue'

const open = reactive(new Set<string>())

export const isOpenDetail = (number: string): boolean => open.has(number)
export const toggleDetail = (number: string): void => void (open.delete(number) || open.add(number))
