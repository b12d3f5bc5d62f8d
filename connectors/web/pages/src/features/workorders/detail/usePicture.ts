/** A picture that only its people may see, fetched with the token and kept as a blob while it is shown. */
import { onUnmounted, ref, watch } from 'vue'
import { pathOf, raw } from '@/api/client'

export function usePicture(media: () => string | null, size?: 'thumb') {
  const source = ref('')
  const failed = ref(false)
  let round = 0

  function release(): void {
    if (source.value) URL.revokeObjectURL(source.value)
    source.value = ''
  }

  async function load(): Promise<void> {
    const id = media()
    const mine = ++round
    release()
    failed.value = false
    if (!id) return
    try {
      const blob = await (await raw('GET', '/media' + pathOf(id), null, { query: { size } })).blob()
      if (mine === round) source.value = URL.createObjectURL(blob)
    } catch {
      if (mine === round) failed.value = true
    }
  }

  watch(media, load, { immediate: true })
  onUnmounted(() => {
    round += 1
    release()
  })
  return { source, failed, load }
}
