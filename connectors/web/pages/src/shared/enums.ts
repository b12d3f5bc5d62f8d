/** Titles and choices that the backend names; fetched once. */
import { reactive } from 'vue'
import { api } from '@/api/client'
import type { Enums } from '@/api/types'

export const enums = reactive<Enums>({ statuses: [], categories: [], urgencies: [], scopes: [], sources: [], intents: [] })
let asked: Promise<void> | null = null

export function loadEnums(): Promise<void> {
  asked ??= api
    .get<Enums>('/enums')
    .then((found) => void Object.assign(enums, found))
    .catch(() => {
      asked = null
    })
  return asked
}

export const titleOf = (list: { value: string; title: string }[], value: string): string =>
  list.find((choice) => choice.value === value)?.title ?? value
