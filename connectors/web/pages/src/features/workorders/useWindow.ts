/** Of many rows of one height only those in sight are drawn; what is above and below is empty space. */
import { computed, onMounted, onUnmounted, ref, type Ref } from 'vue'

const BEYOND = 20
/** Below this many rows everything is drawn: finding in the page and printing stay whole. */
const FEW = 200

export function useWindow(count: Ref<number>, scroller: () => HTMLElement | null | undefined) {
  const top = ref(0)
  const height = ref(0)
  const rowPx = ref(42)
  let watched: HTMLElement | null = null

  function measure(): void {
    if (!watched) return
    const table = watched.querySelector<HTMLElement>('tbody')
    const row = watched.querySelector<HTMLElement>('tr.order-row')
    if (row?.offsetHeight) rowPx.value = row.offsetHeight
    top.value = watched.scrollTop - (table?.offsetTop ?? 0)
    height.value = watched.clientHeight
  }

  const from = computed(() => (count.value <= FEW ? 0 : Math.max(0, Math.floor(top.value / rowPx.value) - BEYOND)))
  const to = computed(() => (count.value <= FEW ? count.value : Math.min(count.value, Math.ceil((top.value + height.value) / rowPx.value) + BEYOND)))
  const above = computed(() => from.value * rowPx.value)
  const below = computed(() => (count.value - to.value) * rowPx.value)

  /** Bring a row into sight, drawn or not. */
  function showRow(place: number): void {
    if (!watched) return
    measure()
    const table = watched.querySelector<HTMLElement>('tbody')
    const rowTop = (table?.offsetTop ?? 0) + place * rowPx.value
    const head = rowPx.value
    if (rowTop - head < watched.scrollTop) watched.scrollTop = rowTop - head
    else if (rowTop + rowPx.value > watched.scrollTop + watched.clientHeight) watched.scrollTop = rowTop + rowPx.value - watched.clientHeight
  }

  onMounted(() => {
    watched = scroller() ?? null
    watched?.addEventListener('scroll', measure, { passive: true })
    window.addEventListener('resize', measure)
    measure()
  })
  onUnmounted(() => {
    watched?.removeEventListener('scroll', measure)
    window.removeEventListener('resize', measure)
  })

  return { from, to, above, below, measure, showRow }
}
