/** Who works by keyboard follows what opens: the focus goes to its heading, and back to its row when it closes. */
import { nextTick, onBeforeUnmount, onMounted, watch, type Ref } from 'vue'
import { useRoute } from 'vue-router'

/** The link in the list that leads to this address. */
const rowOf = (path: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLAnchorElement>('.page a[href]')].find((link) => link.pathname === path)

const nowhere = (): boolean => document.activeElement === null || document.activeElement === document.body

export function useFocusIn(panel: Ref<HTMLElement | undefined>, heading: Ref<HTMLElement | undefined>): void {
  const route = useRoute()
  const opener = document.activeElement
  let path = ''

  function enter(): void {
    path = location.pathname
    heading.value?.focus({ preventScroll: true })
  }

  /** Not when the hand has gone elsewhere, nor when the next one has opened in this one's place. */
  function leave(): void {
    if (!nowhere() && !panel.value?.contains(document.activeElement)) return
    void nextTick(() => {
      const back = rowOf(path) ?? (opener instanceof HTMLElement && opener.isConnected ? opener : null)
      if (nowhere()) back?.focus()
    })
  }

  onMounted(enter)
  watch(() => route.path, enter, { flush: 'post' })
  onBeforeUnmount(leave)
}
