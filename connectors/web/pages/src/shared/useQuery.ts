/** Filters of a list that live in its address, so that they can be kept and sent. */
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export function useQuery<Name extends string>(base: string, names: readonly Name[]) {
  const route = useRoute()
  const router = useRouter()

  const filters = computed(
    () => Object.fromEntries(names.flatMap((name) => (route.query[name] ? [[name, String(route.query[name])]] : []))) as Partial<Record<Name, string>>,
  )
  const any = computed(() => Object.keys(filters.value).length > 0)

  function set(name: Name, value: string | null | undefined): void {
    const query: Record<string, string> = { ...(filters.value as Record<string, string>) }
    if (value) query[name] = value
    else delete query[name]
    void router.replace({ path: route.path, query })
  }

  const clear = (): void => void router.replace({ path: route.path })

  /** The address of one row, or of the list alone, with the filters. */
  const to = (id?: string | number | null) => ({ path: id === undefined || id === null ? base : `${base}/${id}`, query: filters.value as Record<string, string> })

  return { filters, any, set, clear, to }
}
