/** Which estate the desk looks at; empty = all that the person works for. */
import { computed, ref, watch } from 'vue'
import { session } from '@/api/session'
import { readStored, writeStored } from '@/shared/storage'

const KEY = 'guanjia.estate'

export const estate = ref(readStored(KEY, ''))

watch(estate, (code) => writeStored(KEY, code))

/** Rows of several estates stand together, so each says where it is. */
export const manyEstates = computed(() => !estate.value && (session.me?.communities.length ?? 0) > 1)

export const estateName = (code: string): string => session.me?.communities.find((each) => each.code === code)?.name ?? code

/** A remembered estate that this person does not work for is forgotten. */
export function checkEstate(): void {
  const codes = session.me?.communities.map((community) => community.code) ?? []
  if (!codes.includes(estate.value) || codes.length < 2) estate.value = ''
}

export const inEstate = (row: { community: string }): boolean => !estate.value || row.community === estate.value
