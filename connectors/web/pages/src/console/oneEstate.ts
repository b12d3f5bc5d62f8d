/** The estate of a page that is about one only: the one the desk looks at, else the one chosen here, else the first. */
import { computed, ref } from 'vue'
import { session } from '@/api/session'
import { estate } from './estate'

const chosen = ref('')

export const oneEstate = computed({
  get: () => {
    const codes = session.me?.communities.map((each) => each.code) ?? []
    return estate.value || (codes.includes(chosen.value) ? chosen.value : (codes[0] ?? ''))
  },
  set: (code: string) => void (chosen.value = code),
})
