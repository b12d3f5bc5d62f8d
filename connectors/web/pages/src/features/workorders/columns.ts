/** The columns of the order list, and which of them this person wants. */
import { ref, watch } from 'vue'
import type { Order } from '@/api/types'
import { readStored, writeStored } from '@/shared/storage'

export interface Column {
  key: string
  title: string
  /** Left out first where the list is narrow. */
  rank: 'extra' | 'less'
  text: (order: Order) => string
  time?: (order: Order) => string | null
}

export const COLUMNS: Column[] = [
  { key: 'category', title: '类别', rank: 'extra', text: (order) => order.category_title },
  { key: 'technician', title: '师傅', rank: 'less', text: (order) => order.technician?.name ?? '' },
  { key: 'promised_at', title: '答应时间', rank: 'less', text: () => '', time: (order) => order.promised_at },
  { key: 'created_at', title: '报修时间', rank: 'extra', text: () => '', time: (order) => order.created_at },
  { key: 'updated_at', title: '最近变动', rank: 'extra', text: () => '', time: (order) => order.updated_at },
  { key: 'reporter', title: '报修人', rank: 'extra', text: (order) => order.reporter?.name ?? '' },
  { key: 'scope', title: '范围', rank: 'extra', text: (order) => order.scope_title },
  { key: 'source', title: '来源', rank: 'extra', text: (order) => order.source_title },
  { key: 'rating', title: '评分', rank: 'extra', text: (order) => (order.rating ? `${order.rating.stars} 星` : '') },
]
const KEY = 'guanjia.order-columns'
const USUAL = ['category', 'technician', 'promised_at', 'created_at']

export const chosen = ref<string[]>(readStored(KEY, USUAL))

watch(chosen, (keys) => writeStored(KEY, keys))

export function toggleColumn(key: string): void {
  chosen.value = chosen.value.includes(key) ? chosen.value.filter((each) => each !== key) : [...chosen.value, key]
}
